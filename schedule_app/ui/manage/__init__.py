"""Managing what plans are made with: people, departments, the site, rules."""

from schedule_app.ui.manage import departments_page as departments_page
from schedule_app.ui.manage import messages_page as messages_page
from schedule_app.ui.manage import people_page as people_page
from schedule_app.ui.manage import person_page as person_page
from schedule_app.ui.manage import site_page as site_page
from schedule_app.ui.manage.operation import operation_page as operation_page
from schedule_app.ui.manage.rules import list_page as list_page
from schedule_app.ui.manage.rules import rule_page as rule_page
from schedule_app.ui.manage.rules import weights_page as weights_page
from schedule_app.ui.manage.violations import page as page
