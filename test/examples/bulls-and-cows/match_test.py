"""People who go while a match is played, in a time that the tests set: `python3 match_test.py`."""

import sys
import unittest

sys.dont_write_bytecode = True

from changes import diff, patched
from match import Match


class Absence(unittest.TestCase):
    def setUp(self):
        self.said = []
        self.match = Match("m", {}, listed=True, publish=lambda change, _: self.said.append(change), tell=lambda _: None)

    def come(self, *players):
        for session, player in enumerate(players):
            self.match.visitors[session] = player
            self.match.sit(session, player)

    def goes(self, *sessions):
        for session in sessions:
            del self.match.visitors[session]
        self.match.look()

    def later(self, seconds):
        self.match.start -= seconds
        self.match.look()

    def test_the_other_wins_when_two_minutes_are_over(self):
        self.come("ada", "bob")
        self.goes(1)
        self.later(119)
        self.assertIsNone(self.match.position["result"])
        self.later(2)
        self.assertEqual(self.match.position["result"], {"winner": 0, "reason": "abandoned"})
        self.assertIsNone(self.match.held_until())

    def test_who_comes_back_in_time_plays_on(self):
        self.come("ada", "bob")
        self.goes(1)
        self.match.visitors[7] = "bob"
        self.later(121)
        self.assertIsNone(self.match.position["result"])
        self.assertEqual(self.match.seats[1], {"player": "bob", "connected": True})

    def test_nobody_wins_while_the_other_is_away_too(self):
        self.come("ada", "bob")
        self.goes(0)
        self.later(100)
        self.goes(1)
        self.later(21)
        self.assertIsNone(self.match.position["result"])
        self.later(100)
        self.assertEqual(self.match.position["result"], {"draw": True, "reason": "abandoned"})

    def test_before_the_beginning_the_seat_is_free_again(self):
        self.come("ada")
        self.goes(0)
        self.assertTrue(self.match.is_deserted)
        self.later(121)
        self.assertEqual(self.match.free_seat(), 0)

    def test_versions_have_no_gaps_and_lead_from_the_first_view_to_the_last(self):
        view = self.match.view(None)
        self.come("ada", "bob")
        self.match.move(0, "hide", {"code": [1, 2, 3, 4]})
        self.match.move(1, "hide", {"code": [5, 6, 7, 8]})
        self.match.move(0, "guess", {"code": [8, 7, 6, 5]})
        self.goes(1)
        for change in self.said:
            if change["type"] == "commit":
                view = {**patched(view, change["delta"]), "version": view["version"] + 1}
                self.assertEqual(change["version"], view["version"])
        self.assertEqual(view, self.match.view(None))


class Changes(unittest.TestCase):
    def test_a_delta_leads_from_one_value_to_the_other(self):
        values = [{"a": 1, "b": [1, {"c": 2}]}, {"a": [1], "b": [1, {"c": 3}, 4]}, {"b": []}, {"a": {}, "b": [[]]}, {"a": None}]
        for before in values:
            for after in values:
                self.assertEqual(patched(before, diff(before, after)), after)
        self.assertEqual(diff(values[0], values[1]), {"a": [[1]], "b": {"1": {"c": [3]}, "2": [4], "length": 3}})


if __name__ == "__main__":
    unittest.main()
