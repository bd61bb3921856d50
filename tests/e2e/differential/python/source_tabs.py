if True:
	print("tab")
	if True:
		raise ValueError("at two tabs")
