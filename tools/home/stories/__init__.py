"""The stories that are told about the virtual home, by name.

Knows: which stories there are. May not know: what happens in them.
"""

from tools.home.stories.demo import DEMO
from tools.home.stories.forgotten_evening_dose import FORGOTTEN_EVENING_DOSE
from tools.home.stories.help_pressed import HELP_PRESSED
from tools.home.stories.taken_on_time import TAKEN_ON_TIME
from tools.home.stories.taken_while_the_link_is_down import TAKEN_WHILE_THE_LINK_IS_DOWN
from tools.home.story import Story

STORIES: dict[str, Story] = {
    story.name: story
    for story in (
        FORGOTTEN_EVENING_DOSE,
        TAKEN_ON_TIME,
        TAKEN_WHILE_THE_LINK_IS_DOWN,
        HELP_PRESSED,
        DEMO,
    )
}
