"""Response: rates, duration, lesions, swimmer."""
