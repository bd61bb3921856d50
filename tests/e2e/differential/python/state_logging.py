import logging

print(logging.root.handlers, logging.getLevelName(logging.root.level), logging.root.manager.loggerDict)
logging.info("not shown")
logging.warning("shown %d", 1)
logging.getLogger("a.b").error("an error", exc_info=ValueError("x"))
logging.basicConfig(force=True, format="%(levelname)s %(name)s %(module)s %(message)s")
logging.critical("formatted")
