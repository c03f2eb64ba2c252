"""The network for programs elsewhere (extra `onnx`).

graph.py     its forward pass as an ONNX graph
export.py    the files, and the check that they give the same scores
"""
