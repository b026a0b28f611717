"""People get the shifts they like, where that can be had."""

from schedule_app.optimizer.constraints.common import judged_alone

limits = judged_alone
