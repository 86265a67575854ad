"""Reads a Perfetto trace with Perfetto's own protobuf classes (PyPI: perfetto, protobuf) and tells what it holds as JSON.

Usage: perfetto-oracle.py FILE
It fails where a field is not Perfetto's, a slice ends that has not begun, or time goes back within a sequence.
"""

import json
import sys

from google.protobuf.unknown_fields import UnknownFieldSet
from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as proto


def refuse_unknown(message):
    if len(UnknownFieldSet(message)) > 0:
        raise SystemExit(f"unknown fields in {message.DESCRIPTOR.name}: {message}")
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for each in value if field.is_repeated else [value]:
            refuse_unknown(each)


trace = proto.Trace()
with open(sys.argv[1], "rb") as file:
    trace.ParseFromString(file.read())
refuse_unknown(trace)

Event = proto.TrackEvent
tracks = {}
last = {}
depth = {}
counts = {}
begun, ended = set(), set()
for packet in trace.packet:
    sequence = packet.trusted_packet_sequence_id
    assert sequence != 0, "a packet without a sequence"
    if sequence not in last:
        assert packet.sequence_flags & 1, f"sequence {sequence} begins without its state cleared"
    if packet.HasField("track_descriptor"):
        descriptor = packet.track_descriptor
        tracks[descriptor.uuid] = descriptor.name or descriptor.process.process_name
        assert not descriptor.parent_uuid or descriptor.parent_uuid in tracks
        last.setdefault(sequence, 0)
        continue
    assert packet.timestamp >= last.get(sequence, 0), f"time goes back in sequence {sequence}"
    last[sequence] = packet.timestamp
    event = packet.track_event
    name = tracks[event.track_uuid]
    kind = Event.Type.Name(event.type).removeprefix("TYPE_").lower()
    if event.type == Event.TYPE_SLICE_BEGIN:
        depth[name] = depth.get(name, 0) + 1
        assert depth[name] == 1, f"slices of {name} lie in each other"
    if event.type == Event.TYPE_SLICE_END:
        depth[name] -= 1
        assert depth[name] >= 0, f"a slice of {name} ends that has not begun"
    begun.update(event.flow_ids)
    ended.update(event.terminating_flow_ids)
    key = f"{name}: {kind} {event.name}".strip()
    counts[key] = counts.get(key, 0) + 1
assert ended <= begun, "a flow ends that has not begun"
assert begun <= ended, "a flow leads nowhere"
json.dump({"tracks": list(tracks.values()), "counts": counts, "flows": len(begun)}, sys.stdout)
