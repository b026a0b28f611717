"""People hold the qualifications a kind of shift asks for."""

from schedule_app.optimizer.constraints.common import judged_alone

limits = judged_alone
