größe = "日本"
größe.bogus("ünï", 日=1)
