"""How training goes about it, at the left: the optimizer and its numbers, each live."""

from gui.image_session import ImageSession
from gui.training_fields import DROPOUT_TIP, TrainingFields

FIELDS = ("lr", "momentum", "batch_size", "dropout", "l1", "l2")


class SettingsPanel(TrainingFields):
    """The settings of the session; dropout only for a network that has such layers."""

    def __init__(self, session: ImageSession) -> None:
        super().__init__("setting", "Pictures", FIELDS)
        self.optimizer.setObjectName("optimizer")
        self.session = session
        self.changed.connect(lambda name, value: session.change(**{name: value}))
        session.settings_changed.connect(self._show)
        session.network_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.show_settings(self.session.settings)
        has_dropout = any(layer.kind == "dropout" for layer in self.session.network.layers)
        dropout = self.fields["dropout"]
        dropout.setEnabled(has_dropout)
        dropout.setPlaceholderText("as is" if has_dropout else "none")
        tip = "" if has_dropout else "\nThis network has none: write a line “dropout 0.5”."
        dropout.setToolTip(f"{DROPOUT_TIP}.{tip}")
