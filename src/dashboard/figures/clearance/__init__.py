"""ctDNA change and clearance against response and survival."""
