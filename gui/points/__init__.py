"""The pages of the Points workspace, and what a page is.

A page is a `gui.points.page.Page`: a widget with a `title`, made once as `SomePage(desk)`, and
added in one line to `PAGES` of `gui/workspaces/points.py`. Its `desk` (`gui.points.page.Desk`)
has `actions` (the workspace's, by name, for `text_button` and `icon_button`) and `say`, which
tells a sentence in the window's footer with at most one thing to do.

A page makes its own worker, `PointsTraining(network, settings, seed)`, and hands it to
`super().__init__(desk, training)`; without one it passes None and overrides what it needs. Then:

- `show_frame(frame)` is called in the window's thread, at most 36 times a second while the page is
  in front, with the newest `Frame`; `show_rows(rows)` at most five times a second with the history
  (n, 5): step, training loss, test loss, training accuracy, test accuracy.
- What a page needs from the network it asks for with `training.look(name, make)`: `make(network)`
  runs in the worker's thread whenever there is a new network, and returns a function without
  arguments, which is called for every frame. Its result is `frame.seen[name]`. It must be an
  array of its own, not a buffer. `nn.field.Field` answers at many places quickly.
- `training.set_data(Data(x, y, test_x, test_y))`, x (N, C, 1, 1), y labels or (N, K) targets.
- `training.change(settings)` is live; `training.load(network, settings, seed)` another network.
- The keys P, S, R, Shift+R and Ctrl+Return reach the page in front as `play`, `pause`, `step`,
  `reset`, `reseed` and `apply`, and Ctrl+I, Ctrl+Z, Ctrl+Y and Shift+S as `open`, `undo`, `redo`
  and `back` when the page's `verbs` names them; `running_changed` tells Play and Pause. Override
  `why_not_ready()` to say why there is nothing to train.
- `made()` tells what a session file keeps of it, `prepare(parts)` checks that and returns what
  makes the page so; `stamp()` is another value after every change. The training is kept by the
  base class: `read_training` and `go_on_with` bring it back.
- The page is paused when another page or workspace comes to the front; `shut_down` ends its thread.

Ready-made: `gui.points.transport.Transport(page)` (play, pause, step, reset, new weights, speed),
`gui.points.settings_panel.SettingsPanel(page)`, `gui.points.network_panel.NetworkPanel(page,
presets, classes)`, `gui.widgets.plane_view.PlaneView` and `gui.widgets.loss_pair.LossPair`.
Everything that can be lost by a click is offered back: `page.offer_back(sentence, mark)`.
"""
