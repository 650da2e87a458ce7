"""Who of the showroom helps this customer, and how the customer is told."""

from datetime import timedelta

from autoleads import hours
from autoleads.bot import texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import Scene, since
from autoleads.bot.turn import Branch, Person
from autoleads.types import BranchId, LeadStatus

_TOLD_FOR = timedelta(hours=12)  # later the customer is told anew who helps


def helper(scene: Scene) -> Person | None:
    """Who has the lead or was asked to take it, else whose turn it is where the car stands, else whose turn it is."""
    turn = scene.turn
    if turn.handler is not None:
        return turn.handler
    branch_id = _branch_id(scene)
    near = (one for one in turn.sales if branch_id is not None and one.branch_id == branch_id)
    return next(near, None) or next(iter(turn.sales), None)


def _branch_id(scene: Scene) -> BranchId | None:
    """Of the car or cars talked about; None when they stand in several places."""
    cars = scene.focus.cars or ((scene.car_before,) if scene.car_before else ())
    places = {car.branch_id for car in cars}
    return places.pop() if len(places) == 1 else None


def person(scene: Scene) -> str:
    """The helper's name inside a sentence, or the team."""
    return _name(helper(scene)) or texts_steps.TEAM


def _name(one: Person | None) -> str:
    return write.tidy(one.name) if one else ""


def line(scene: Scene) -> str:
    """Who helps and from when; shorter when the customer was told a while ago."""
    one = helper(scene)
    state, named = _open_state(scene, one), bool(_name(one))
    again = told(scene)
    values = {"person": _name(one)} if named else {}
    if state is not None and not state.open and state.opens is not None:
        values["when"] = hours.opening_said(state.opens, scene.now)
        if again:
            return scene.say(texts_steps.HANDOVER_AGAIN_CLOSED if named else texts_steps.TEAM_AGAIN_CLOSED, **values)
        if state.opens.date() == scene.now.date():
            return scene.say(texts_steps.HANDOVER_NOT_YET if named else texts_steps.TEAM_NOT_YET, **values)
        return scene.say(texts_steps.HANDOVER_CLOSED if named else texts_steps.TEAM_CLOSED, **values)
    if again:
        return scene.say(texts_steps.HANDOVER_AGAIN if named else texts_steps.TEAM_AGAIN, **values)
    if state is None or not state.open:
        return scene.say(texts_steps.HANDOVER_PLAIN if named else texts_steps.TEAM_PLAIN, **values)
    return scene.say(texts_steps.HANDOVER_OPEN if named else texts_steps.TEAM_OPEN, **values)


def remembered(scene: Scene) -> dict[str, object]:
    """What keeps the next hot message from promising the same person again."""
    one = helper(scene)
    return {"helper": one.id if one else 0, "helper_at": scene.turn.now.timestamp()}


def told(scene: Scene) -> bool:
    """Whether the customer heard a while ago that this person helps."""
    memory, one = scene.turn.memory, helper(scene)
    ago = since(scene.turn, "helper_at")
    if ago is None:
        return one is None and memory.get("heat") == LeadStatus.HOT
    return ago < _TOLD_FOR and memory.get("helper") == (one.id if one else 0)


def _open_state(scene: Scene, one: Person | None) -> hours.State | None:
    """By the hours of the place where the helper works."""
    branch = branch_with(scene, one.branch_id if one else None)
    return hours.state(branch.hours, scene.now) if branch and branch.hours else scene.open_state


def branch_with(scene: Scene, branch_id: BranchId | None) -> Branch | None:
    return next((branch for branch in scene.turn.showroom.branches if branch.id == branch_id), None)
