import resource

for name in sorted(vars(resource)):
    if name.startswith("RLIMIT_") and name not in ("RLIMIT_SIGPENDING",):
        print(name, resource.getrlimit(getattr(resource, name)))
