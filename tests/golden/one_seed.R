# What R's survival package says of one simulated cohort of 200 patients, true null and a hazard ratio of 0.6:
# survival after the second draw, from a landmark on day 182, and with patients moving at the draw.
# Rscript tests/golden/one_seed.R cohorts.csv answers.csv
library(survival)
given <- commandArgs(trailingOnly = TRUE)
cohorts <- read.csv(given[1])
days_per_month <- 30.4375
landmark <- 182

row_of <- function(analysis, model, fit, test) {
  term <- summary(fit)$coefficients["clearedTRUE", ]
  limits <- exp(term["coef"] + c(-1, 1) * qnorm(0.975) * term["se(coef)"])
  data.frame(analysis, model, n_event = fit$nevent, hazard_ratio = term["exp(coef)"], lower = limits[1],
             upper = limits[2], p_value = term["Pr(>|z|)"], chi_squared = test[1], test_p_value = test[2])
}

of_moment <- function(analysis, rows) {
  observed <- survdiff(Surv(time, event) ~ cleared, data = rows)
  test <- c(chi_squared = observed$chisq, test_p_value = pchisq(observed$chisq, 1, lower.tail = FALSE))
  plain <- coxph(Surv(time, event) ~ cleared, data = rows, ties = "efron")
  adjusted <- coxph(Surv(time, event) ~ cleared + months_from_baseline, data = rows, ties = "efron")
  rbind(row_of(analysis, "plain", plain, test), row_of(analysis, "adjusted", adjusted, test))
}

answers <- function(all) {
  drawn <- subset(all, drawn_at < time)
  second <- transform(drawn, time = time - drawn_at, months_from_baseline = drawn_at / days_per_month)
  there <- subset(drawn, drawn_at <= landmark & (time > landmark | (time == landmark & !event)))
  fixed <- transform(there, time = time - landmark, months_from_baseline = drawn_at / days_per_month)
  before <- transform(all, start = 0, stop = ifelse(drawn_at < time & cleared, drawn_at, time),
                      event = event & !(drawn_at < time & cleared), cleared = FALSE)
  after <- transform(subset(drawn, cleared), start = drawn_at, stop = time)
  columns <- c("start", "stop", "event", "cleared")
  moving <- rbind(before[columns], after[columns])
  extended <- coxph(Surv(start, stop, event) ~ cleared, data = moving, ties = "efron")
  # With the exact treatment of ties the score test is the Mantel-Byar test.
  score <- coxph(Surv(start, stop, event) ~ cleared, data = moving, ties = "exact")$score
  test <- c(chi_squared = score, test_p_value = pchisq(score, 1, lower.tail = FALSE))
  rbind(of_moment("second_draw", second), of_moment("landmark", fixed),
        row_of("moving", "plain", extended, test))
}

found <- lapply(split(cohorts, cohorts$true_hazard_ratio), function(all) {
  all <- transform(all, event = as.logical(event_observed), cleared = as.logical(clears))
  found <- answers(all)
  data.frame(true_hazard_ratio = all$true_hazard_ratio[1], found)
})
written <- do.call(rbind, found)
rownames(written) <- NULL
numbers <- sapply(written, is.numeric)
written[numbers] <- lapply(written[numbers], function(one) format(one, digits = 15, trim = TRUE))
written$R <- paste0(R.version$major, ".", R.version$minor)
written$survival <- as.character(packageVersion("survival"))
write.csv(written, given[2], row.names = FALSE, quote = FALSE)
