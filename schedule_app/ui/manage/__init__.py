"""Managing what plans are made with: people, departments, the site."""

from schedule_app.ui.manage import departments_page as departments_page
from schedule_app.ui.manage import people_page as people_page
from schedule_app.ui.manage import person_page as person_page
from schedule_app.ui.manage import site_page as site_page
