"""Every reader of what comes from outside: how it is called, a good file, and how to spoil one.

A new reader needs a row in one of these modules and nothing else.
"""

from tests.test_hostile import data_sets, networks, sessions, tables, web, workspaces
from tests.test_hostile.reader import Reader

READERS: dict[str, Reader] = {
    **networks.READERS,
    **sessions.READERS,
    **data_sets.READERS,
    **tables.READERS,
    **web.READERS,
    **workspaces.READERS,
}
