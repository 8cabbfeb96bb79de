raise RuntimeError("the module does not load")
