print(await something())
