exec(compile("def f():\n    raise ValueError('from exec')\nf()\n", "<made up>", "exec"))
