"""People work at times they are available."""

from schedule_app.optimizer.constraints.common import judged_alone

limits = judged_alone
