"""Deltas of docs/wire.md: what leads from one JSON value to another."""


def diff(before, after):
    """The delta from one value to another; {} where they are equal."""
    if isinstance(before, dict) and isinstance(after, dict):
        delta = {key: [] for key in before.keys() - after.keys()}
        delta.update({key: [value] for key, value in after.items() if key not in before})
        inside = {key: diff(before[key], after[key]) for key in before.keys() & after.keys()}
    elif isinstance(before, list) and isinstance(after, list):
        delta = {str(index): [after[index]] for index in range(len(before), len(after))}
        if len(before) != len(after):
            delta["length"] = len(after)
        inside = {str(index): diff(one, other) for index, (one, other) in enumerate(zip(before, after))}
    else:
        return {} if before == after else [after]
    return {**delta, **{key: change for key, change in inside.items() if change != {}}}


def patched(value, delta):
    """The value to which a delta leads."""
    if isinstance(delta, list):
        return delta[0]
    if isinstance(value, list):
        length = delta.get("length", len(value))
        made = (value + [None] * length)[:length]
        for key in delta.keys() - {"length"}:
            made[int(key)] = patched(made[int(key)], delta[key])
        return made
    made = dict(value) if isinstance(value, dict) else value
    for key, change in delta.items():
        if change == []:
            del made[key]
        else:
            made[key] = patched(made.get(key), change)
    return made
