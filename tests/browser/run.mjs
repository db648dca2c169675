// The unmodified client in a real Chromium against real servers.
import { browser } from "./browser.mjs";
import { run } from "./runner.mjs";
import "./specs/accessibility.mjs";
import "./specs/assets.mjs";
import "./specs/assistant.mjs";
import "./specs/board.mjs";
import "./specs/chat.mjs";
import "./specs/components.mjs";
import "./specs/dashboard.mjs";
import "./specs/embed.mjs";
import "./specs/events.mjs";
import "./specs/forms.mjs";
import "./specs/growing_text.mjs";
import "./specs/hooks.mjs";
import "./specs/kit/beside.mjs";
import "./specs/kit/dialogs.mjs";
import "./specs/kit/inputs.mjs";
import "./specs/kit/looks.mjs";
import "./specs/kit/menus.mjs";
import "./specs/kit/rows.mjs";
import "./specs/languages.mjs";
import "./specs/latency.mjs";
import "./specs/metrics.mjs";
import "./specs/navigation.mjs";
import "./specs/pictures.mjs";
import "./specs/portals.mjs";
import "./specs/reconnect.mjs";
import "./specs/report.mjs";
import "./specs/sessions.mjs";
import "./specs/states.mjs";
import "./specs/streams.mjs";
import "./specs/table.mjs";
import "./specs/tasks.mjs";
import "./specs/todo.mjs";
import "./specs/unsaved.mjs";
import "./specs/updates.mjs";
import "./specs/views.mjs";
import "./specs/wizard.mjs";

try {
  await run();
} finally {
  await browser.close();
}
