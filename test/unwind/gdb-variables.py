# For gdb: the command `pollscope-variables` prints each frame's variables as bytes, a line of JSON per frame. Bytes and
# addresses are compared, not texts: gdb 13 fails on an enum in another one's niche, which only its printer looks into.
import gdb
import json

NUMBERS = (
    gdb.TYPE_CODE_INT,
    gdb.TYPE_CODE_CHAR,
    gdb.TYPE_CODE_BOOL,
    gdb.TYPE_CODE_PTR,
    gdb.TYPE_CODE_ENUM,
)
RECORDS = (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION)
MOST_PARTS = 64


def parts_of(value, type, offset, found):
    """Numbers in a value that is in no memory: offset, bytes, number; None for one that is optimized out."""
    if len(found) > MOST_PARTS or type.sizeof == 0:
        return
    type = type.strip_typedefs()
    if type.code in NUMBERS and type.sizeof <= 8:
        try:
            mask = (1 << 8 * type.sizeof) - 1
            found.append([offset, type.sizeof, None if value.is_optimized_out else str(int(value) & mask)])
        except gdb.error as error:
            found.append([offset, type.sizeof, "error: %s" % error])
    elif type.code in RECORDS:
        for field in type.fields():
            if hasattr(field, "bitpos"):
                try:
                    parts_of(value[field], field.type, offset + field.bitpos // 8, found)
                except gdb.error:
                    pass  # it has no such member while another variant is there
    elif type.code == gdb.TYPE_CODE_ARRAY:
        low, high = type.range()
        for i in range(low, min(high + 1, low + 4)):
            parts_of(value[i], type.target(), offset + (i - low) * type.target().sizeof, found)


def look_at(symbol, frame):
    seen = {"name": symbol.name, "argument": symbol.is_argument}
    try:
        value = symbol.value(frame)
        seen["bytes"] = value.type.sizeof
        if value.type.sizeof == 0:
            return seen
        if value.address is not None:
            seen["address"] = int(value.address)
            return seen
        seen["lost"] = bool(value.is_optimized_out)
        seen["parts"] = []
        parts_of(value, value.type, 0, seen["parts"])
    except gdb.error as error:
        seen["error"] = str(error)
    except KeyboardInterrupt:  # an internal error of gdb, after which it goes on
        seen["error"] = "internal error"
    return seen


def variables_of(frame):
    found = []
    try:
        block = frame.block()
    except RuntimeError:
        return found  # no debug info
    while block is not None and not block.is_static and not block.is_global:
        found += [look_at(each, frame) for each in block if each.is_variable or each.is_argument]
        if block.function is not None:
            break
        block = block.superblock
    return found


class Variables(gdb.Command):
    def __init__(self):
        super().__init__("pollscope-variables", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        frame = gdb.newest_frame()
        while frame is not None:
            line = {"pc": frame.pc(), "name": frame.name(), "variables": variables_of(frame)}
            print("@frame " + json.dumps(line))
            frame = frame.older()
        print("@end")


for problem in ("internal-error", "internal-warning", "demangler-warning"):
    gdb.execute("maintenance set %s quit no" % problem)
    if problem != "demangler-warning":
        gdb.execute("maintenance set %s corefile no" % problem)
Variables()
