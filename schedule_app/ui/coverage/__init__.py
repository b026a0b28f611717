"""The coverage heatmap."""

from schedule_app.ui.coverage import page as page
