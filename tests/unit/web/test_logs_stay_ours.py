"""Building the pages and describing the API leave the log where the command has put it."""

import logging

from ontologie.api.routes import description


def test_describing_the_api_leaves_the_root_loggers_handlers() -> None:
    ours = logging.NullHandler()
    logging.getLogger().addHandler(ours)
    try:
        description("1.0")
        assert ours in logging.getLogger().handlers
    finally:
        logging.getLogger().removeHandler(ours)
