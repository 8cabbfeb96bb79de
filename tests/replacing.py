"""Something else in the place of one object's method, for as long as the object lives."""


def replace_method(part: object, name: str, by: object) -> None:
    setattr(part, name, by)
