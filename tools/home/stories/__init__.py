"""The stories that are told about the virtual home, by name.

Knows: which stories there are. May not know: what happens in them.
"""

from tools.home.stories.all_fall_silent import ALL_FALL_SILENT
from tools.home.stories.as_needed import AS_NEEDED
from tools.home.stories.asked import ASKED
from tools.home.stories.bag_to_box import BAG_TO_BOX
from tools.home.stories.blackout import BLACKOUT
from tools.home.stories.box_restarts_in_the_window import BOX_RESTARTS_IN_THE_WINDOW
from tools.home.stories.broken_flash import BROKEN_FLASH
from tools.home.stories.call_answered_all_well import CALL_ANSWERED_ALL_WELL
from tools.home.stories.call_says_pain import CALL_SAYS_PAIN
from tools.home.stories.call_unanswered_three_times import CALL_UNANSWERED_THREE_TIMES
from tools.home.stories.clock_lost import CLOCK_LOST
from tools.home.stories.clumsy_evening import CLUMSY_EVENING
from tools.home.stories.day_in_the_life import DAY_IN_THE_LIFE
from tools.home.stories.dead_chip import DEAD_CHIP
from tools.home.stories.demo import DEMO
from tools.home.stories.device_refused_neighbour_steps_in import (
    DEVICE_REFUSED_NEIGHBOUR_STEPS_IN,
)
from tools.home.stories.forgotten_evening_dose import FORGOTTEN_EVENING_DOSE
from tools.home.stories.fridge_on_the_plug import FRIDGE_ON_THE_PLUG
from tools.home.stories.gateway_down_across_the_deadline import (
    GATEWAY_DOWN_ACROSS_THE_DEADLINE,
)
from tools.home.stories.gateway_killed_in_a_call import GATEWAY_KILLED_IN_A_CALL
from tools.home.stories.gateway_killed_in_the_window import GATEWAY_KILLED_IN_THE_WINDOW
from tools.home.stories.help_pressed import HELP_PRESSED
from tools.home.stories.help_without_gateway import HELP_WITHOUT_GATEWAY
from tools.home.stories.holiday_with_away import HOLIDAY_WITH_AWAY
from tools.home.stories.home_from_hospital import HOME_FROM_HOSPITAL
from tools.home.stories.hospital import HOSPITAL
from tools.home.stories.journey import JOURNEY
from tools.home.stories.late_dose import LATE_DOSE
from tools.home.stories.light_on_all_night import LIGHT_ON_ALL_NIGHT
from tools.home.stories.modem_down_across_the_deadline import MODEM_DOWN_ACROSS_THE_DEADLINE
from tools.home.stories.on_battery import ON_BATTERY
from tools.home.stories.phone_is_flat import PHONE_IS_FLAT
from tools.home.stories.phone_lies_still import PHONE_LIES_STILL
from tools.home.stories.plug_unplugged import PLUG_UNPLUGGED
from tools.home.stories.quiet_night import QUIET_NIGHT
from tools.home.stories.refill import REFILL
from tools.home.stories.resident_presses_fine import RESIDENT_PRESSES_FINE
from tools.home.stories.rider_finds_somebody import RIDER_FINDS_SOMEBODY
from tools.home.stories.schedule_change import SCHEDULE_CHANGE
from tools.home.stories.silent_home import SILENT_HOME
from tools.home.stories.taken_on_time import TAKEN_ON_TIME
from tools.home.stories.taken_while_the_link_is_down import TAKEN_WHILE_THE_LINK_IS_DOWN
from tools.home.stories.three_nets_quiet import THREE_NETS_QUIET
from tools.home.stories.touched import TOUCHED
from tools.home.stories.visit_nobody_opens import VISIT_NOBODY_OPENS
from tools.home.stories.voicemail_answers import VOICEMAIL_ANSWERS
from tools.home.stories.weekly_voice_message import WEEKLY_VOICE_MESSAGE
from tools.home.stories.wrong_lid import WRONG_LID
from tools.home.story import Story

STORIES: dict[str, Story] = {
    story.name: story
    for story in (
        FORGOTTEN_EVENING_DOSE,
        TAKEN_ON_TIME,
        TAKEN_WHILE_THE_LINK_IS_DOWN,
        HELP_PRESSED,
        AS_NEEDED,
        ASKED,
        BAG_TO_BOX,
        BOX_RESTARTS_IN_THE_WINDOW,
        BROKEN_FLASH,
        CLOCK_LOST,
        CLUMSY_EVENING,
        DAY_IN_THE_LIFE,
        DEAD_CHIP,
        GATEWAY_DOWN_ACROSS_THE_DEADLINE,
        GATEWAY_KILLED_IN_THE_WINDOW,
        HELP_WITHOUT_GATEWAY,
        HOSPITAL,
        JOURNEY,
        LATE_DOSE,
        MODEM_DOWN_ACROSS_THE_DEADLINE,
        ON_BATTERY,
        QUIET_NIGHT,
        REFILL,
        SCHEDULE_CHANGE,
        TOUCHED,
        WRONG_LID,
        SILENT_HOME,
        RESIDENT_PRESSES_FINE,
        PLUG_UNPLUGGED,
        BLACKOUT,
        FRIDGE_ON_THE_PLUG,
        HOLIDAY_WITH_AWAY,
        LIGHT_ON_ALL_NIGHT,
        VISIT_NOBODY_OPENS,
        RIDER_FINDS_SOMEBODY,
        PHONE_LIES_STILL,
        PHONE_IS_FLAT,
        THREE_NETS_QUIET,
        ALL_FALL_SILENT,
        DEVICE_REFUSED_NEIGHBOUR_STEPS_IN,
        HOME_FROM_HOSPITAL,
        CALL_ANSWERED_ALL_WELL,
        CALL_SAYS_PAIN,
        CALL_UNANSWERED_THREE_TIMES,
        VOICEMAIL_ANSWERS,
        WEEKLY_VOICE_MESSAGE,
        GATEWAY_KILLED_IN_A_CALL,
        DEMO,
    )
}
