# Kaplan-Meier with log-log band and log-rank test by R's survival package; the answers of benchmarks/survival.py.
# Rscript survival.R rows.csv answers.csv: prints seconds of CPU.
library(survival)
given <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(given[1])
began <- proc.time()
fit <- survfit(Surv(days, event) ~ group, data = rows, conf.type = "log-log")
test <- survdiff(Surv(days, event) ~ group, data = rows)
taken <- proc.time() - began
group <- rep(sub("group=", "", names(fit$strata)), fit$strata)
curve <- data.frame(group, time = fit$time, survival = fit$surv, lower = fit$lower, upper = fit$upper)
write.csv(format(rbind(curve, data.frame(group = "chi", time = 0, survival = test$chisq, lower = 0, upper = 0)),
                 digits = 15), given[2], row.names = FALSE, quote = FALSE)
cat(taken[["user.self"]] + taken[["sys.self"]], "\n")
