"""Where a wake-up comes from an interrupt, a flood could leave nobody else his turn."""

from test_flood_turns import test_the_script_gets_its_turn_in_a_flood  # noqa: F401
