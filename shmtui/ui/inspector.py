"""The inspector: what the bytes at the cursor are, in every type."""

from shmtui.ui.plain_lines import PlainLines


class InspectorView(PlainLines):
    """Shows the lines that `present.inspecting.lines` made for its size."""

    DEFAULT_CSS = """
    InspectorView { width: 1fr; height: 1fr; }
    """
