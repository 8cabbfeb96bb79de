"""What runs inside the images.

The garbage collector looks for garbage at every 700 new objects, also while modules are loaded,
where nothing is garbage yet: a sixth of a cold start went there. Larger steps cost a few megabytes.
"""

import gc

gc.set_threshold(50_000)
