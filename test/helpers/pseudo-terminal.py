# A pseudo-terminal that a test writes to: prints the path of its end for programs, then copies standard input to it.
# Raw from the start, so that nothing is changed on the way.
import os
import sys
import tty

master, slave = os.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
while True:
    data = os.read(0, 4096)
    if not data:
        break
    os.write(master, data)
