// A counter with its history, written against the contract itself: `view.h` is generated from wit/live.wit.
//
// An instance belongs to one page of one browser and its calls are serial, so the state is a few statics. What the host
// hands in is ours to free; what we answer is copied and then freed by the generated code, so all of it is on the heap.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

// The generated names are long.
typedef exports_hothouse_live_lifecycle_outcome_t outcome_t;
typedef exports_hothouse_live_lifecycle_failure_t failure_t;
typedef hothouse_live_types_slot_t slot_t;
typedef hothouse_live_types_node_t node_t;
typedef hothouse_live_types_each_t each_t;
typedef hothouse_live_types_tree_t tree_t;

// ---- state ----

enum { MAX_ENTRIES = 100, MAX_NAME_CHARACTERS = 20 };

typedef struct {
  uint32_t id;
  int32_t by, count;
  bool is_new;
} entry_t;

// The newest entry is the first.
static entry_t entries[MAX_ENTRIES];
static size_t entry_count;
static uint32_t last_id;
static int32_t count;
static uint32_t ticks;
static view_string_t name;
static const char *name_error;

// What has changed since the last document.
static struct {
  bool count, ticks, name, name_error, entries;
} changed;

// ---- templates ----

enum { PAGE = 1, ENTRY = 2, NAME_ERROR = 3 };

static const char *const PAGE_PARTS[] = {
    "<main><h1>The same view</h1><nav class=\"row\"><a href=\"/rust\">Rust</a><a href=\"/typescript\">TypeScript</a>"
    "<a href=\"/python\">Python</a><a href=\"/c\">C</a><a href=\"/go\">Go</a></nav><p class=\"number\" id=\"count\">",
    "</p><p class=\"row\"><button phx-click=\"decrement\">-1</button><button class=\"primary\" phx-click=\"increment\">+1"
    "</button></p><p>Ticks: <span id=\"ticks\">",
    "</span></p><form id=\"rename\" phx-change=\"rename\" phx-submit=\"rename\"><label>Name <input name=\"name\" "
    "autocomplete=\"off\" value=\"",
    "\"></label>",
    "</form><ol id=\"history\" class=\"rows\">",
    "</ol><p class=\"row\"><button phx-click=\"refuse\">refuse</button><button phx-click=\"trap\">trap</button>"
    "<button phx-click=\"spin\">spin</button><button phx-click=\"grow\">grow</button></p></main>",
};
static const char *const ENTRY_PARTS[] = {
    "<li id=\"",
    "\"><span class=\"grow\">",
    "</span><button phx-click=\"remove\" phx-value-id=\"",
    "\">remove</button></li>",
};
static const char *const NAME_ERROR_PARTS[] = {"<p id=\"name-error\" role=\"alert\">", "</p>"};

static const struct {
  const char *const *parts;
  size_t count;
} TEMPLATES[] = {
    [PAGE] = {PAGE_PARTS, sizeof PAGE_PARTS / sizeof *PAGE_PARTS},
    [ENTRY] = {ENTRY_PARTS, sizeof ENTRY_PARTS / sizeof *ENTRY_PARTS},
    [NAME_ERROR] = {NAME_ERROR_PARTS, sizeof NAME_ERROR_PARTS / sizeof *NAME_ERROR_PARTS},
};

// Which the host has.
static bool is_sent[sizeof TEMPLATES / sizeof *TEMPLATES];

// ---- small things ----

static void fails(const char *message) {
  view_string_t line = {(uint8_t *)message, strlen(message)};
  hothouse_live_environment_log(HOTHOUSE_LIVE_ENVIRONMENT_LEVEL_ERROR, &line);
  abort();
}

static void *allocated(size_t count, size_t bytes) {
  if (count == 0) return NULL;
  void *block = calloc(count, bytes);
  if (!block) fails("out of memory");
  return block;
}

// The generated code frees no list without elements: a list that stayed empty is ours to free.
static void *used(void *list, size_t length) {
  if (length > 0) return list;
  free(list);
  return NULL;
}

static bool is(const view_string_t *text, const char *other) {
  return text->len == strlen(other) && memcmp(text->ptr, other, text->len) == 0;
}

static bool ok(outcome_t *ret) {
  *ret = (outcome_t){0};
  return true;
}

static bool refuses(failure_t *err, hothouse_live_types_failure_kind_t kind, const char *message) {
  err->kind = kind;
  view_string_dup(&err->message, message);
  return false;
}

// ---- rendering ----

static slot_t unchanged(void) { return (slot_t){.tag = HOTHOUSE_LIVE_TYPES_SLOT_UNCHANGED}; }

static slot_t text(const void *bytes, size_t length) {
  slot_t slot = {.tag = HOTHOUSE_LIVE_TYPES_SLOT_TEXT};
  view_string_dup_n(&slot.val.text, bytes, length);
  return slot;
}

static slot_t number(const char *format, int32_t value) {
  char digits[32];
  return text(digits, (size_t)snprintf(digits, sizeof digits, format, value));
}

// A document that is being made. Its lists have room for all that it may need.
typedef struct {
  tree_t tree;
  bool whole;
} document_t;

static void uses(document_t *document, uint32_t id) {
  if (is_sent[id]) return;
  is_sent[id] = true;
  hothouse_live_types_template_t *template = &document->tree.templates.ptr[document->tree.templates.len++];
  template->id = id;
  template->statics.len = TEMPLATES[id].count;
  template->statics.ptr = allocated(TEMPLATES[id].count, sizeof(view_string_t));
  for (size_t part = 0; part < TEMPLATES[id].count; part++)
    view_string_dup(&template->statics.ptr[part], TEMPLATES[id].parts[part]);
}

// A node with room for its slots, and its index.
static slot_t *node(document_t *document, uint32_t template, uint32_t *index) {
  uses(document, template);
  *index = (uint32_t)document->tree.nodes.len;
  node_t *node = &document->tree.nodes.ptr[document->tree.nodes.len++];
  node->template_ = template;
  node->slots.len = TEMPLATES[template].count - 1;
  node->slots.ptr = allocated(node->slots.len, sizeof(slot_t));
  return node->slots.ptr;
}

static slot_t name_error_slot(document_t *document) {
  if (!name_error) return (slot_t){.tag = HOTHOUSE_LIVE_TYPES_SLOT_EMPTY};
  slot_t slot = {.tag = HOTHOUSE_LIVE_TYPES_SLOT_NODE};
  node(document, NAME_ERROR, &slot.val.node)[0] = text(name_error, strlen(name_error));
  return slot;
}

static slot_t history_slot(document_t *document) {
  uses(document, ENTRY);
  each_t *each = &document->tree.lists.ptr[document->tree.lists.len++];
  each->template_ = ENTRY;
  each->order.is_some = true;
  each->order.val.len = entry_count;
  each->order.val.ptr = allocated(entry_count, sizeof(uint32_t));
  each->changed.ptr = allocated(entry_count, sizeof(hothouse_live_types_row_t));
  for (size_t index = 0; index < entry_count; index++) {
    entry_t *entry = &entries[index];
    each->order.val.ptr[index] = entry->id;
    if (!document->whole && !entry->is_new) continue;
    entry->is_new = false;
    hothouse_live_types_row_t *row = &each->changed.ptr[each->changed.len++];
    row->id = entry->id;
    slot_t *slots = node(document, ENTRY, &row->node);
    char line[32];
    slots[0] = number("entry-%d", (int32_t)entry->id);
    slots[1] = text(line, (size_t)snprintf(line, sizeof line, "%+d: %d", entry->by, entry->count));
    slots[2] = number("%d", (int32_t)entry->id);
  }
  each->changed.ptr = used(each->changed.ptr, each->changed.len);
  return (slot_t){.tag = HOTHOUSE_LIVE_TYPES_SLOT_EACH, .val.each = 0};
}

static slot_t page_slot(document_t *document) {
  bool whole = document->whole;
  if (!(whole || changed.count || changed.ticks || changed.name || changed.name_error || changed.entries))
    return unchanged();
  slot_t slot = {.tag = HOTHOUSE_LIVE_TYPES_SLOT_NODE};
  slot_t *slots = node(document, PAGE, &slot.val.node);
  slots[0] = whole || changed.count ? number("%d", count) : unchanged();
  slots[1] = whole || changed.ticks ? number("%d", (int32_t)ticks) : unchanged();
  slots[2] = whole || changed.name ? text(name.ptr, name.len) : unchanged();
  slots[3] = whole || changed.name_error ? name_error_slot(document) : unchanged();
  slots[4] = whole || changed.entries ? history_slot(document) : unchanged();
  return slot;
}

bool exports_hothouse_live_lifecycle_render(exports_hothouse_live_lifecycle_render_scope_t *scope,
                                            exports_hothouse_live_lifecycle_document_t *ret, failure_t *err) {
  (void)err;
  document_t document = {.whole = scope->tag == HOTHOUSE_LIVE_TYPES_RENDER_SCOPE_EVERYTHING};
  exports_hothouse_live_lifecycle_render_scope_free(scope);
  if (document.whole) memset(is_sent, 0, sizeof is_sent);
  document.tree.nodes.ptr = allocated(2 + entry_count, sizeof(node_t));
  document.tree.lists.ptr = allocated(1, sizeof(each_t));
  document.tree.templates.ptr = allocated(3, sizeof(hothouse_live_types_template_t));
  document.tree.root = page_slot(&document);
  document.tree.nodes.ptr = used(document.tree.nodes.ptr, document.tree.nodes.len);
  document.tree.lists.ptr = used(document.tree.lists.ptr, document.tree.lists.len);
  document.tree.templates.ptr = used(document.tree.templates.ptr, document.tree.templates.len);
  memset(&changed, 0, sizeof changed);
  ret->tag = HOTHOUSE_LIVE_TYPES_DOCUMENT_TREE;
  ret->val.tree = document.tree;
  return true;
}

// ---- events ----

static void add(int32_t by) {
  if (entry_count == MAX_ENTRIES) entry_count--;
  memmove(&entries[1], &entries[0], entry_count * sizeof(entry_t));
  count += by;
  entries[0] = (entry_t){.id = ++last_id, .by = by, .count = count, .is_new = true};
  entry_count++;
  changed.count = changed.entries = true;
}

static bool removed(uint32_t id) {
  for (size_t index = 0; index < entry_count; index++) {
    if (entries[index].id != id) continue;
    memmove(&entries[index], &entries[index + 1], (--entry_count - index) * sizeof(entry_t));
    changed.entries = true;
    return true;
  }
  return false;
}

// The number of a row in an event's JSON, such as `{"id":"3","value":""}`. A quote inside of a JSON string has a `\`
// before it, so the name is found where it is a name and nowhere else.
static uint32_t id_in(const view_string_t *json) {
  static const char NAME[] = "\"id\":\"";
  for (size_t at = 0; at + sizeof NAME <= json->len; at++) {
    if (memcmp(json->ptr + at, NAME, sizeof NAME - 1) != 0) continue;
    uint32_t id = 0;
    for (at += sizeof NAME - 1; at < json->len && json->ptr[at] >= '0' && json->ptr[at] <= '9'; at++)
      id = id * 10 + (json->ptr[at] - '0');
    return id;
  }
  return 0;
}

static size_t characters(const view_string_t *text) {
  size_t characters = 0;
  for (size_t at = 0; at < text->len; at++) characters += (text->ptr[at] & 0xC0) != 0x80;
  return characters;
}

static void rename_to(view_string_t *value) {
  const char *error = value->len == 0                              ? "The name is required."
                      : characters(value) > MAX_NAME_CHARACTERS ? "The name has at most 20 characters."
                                                                   : NULL;
  changed.name = true;
  changed.name_error = changed.name_error || error != name_error;
  name_error = error;
  view_string_free(&name);
  name = *value;
  // Taken over: it is not freed with the event.
  *value = (view_string_t){0};
}

static bool renames(hothouse_live_types_payload_t *payload, failure_t *err) {
  if (payload->tag == HOTHOUSE_LIVE_TYPES_PAYLOAD_FORM) {
    for (size_t index = 0; index < payload->val.form.len; index++) {
      hothouse_live_types_pair_t *pair = &payload->val.form.ptr[index];
      if (!is(&pair->name, "name")) continue;
      rename_to(&pair->value);
      return true;
    }
  }
  return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_BAD_INPUT, "the form has no name");
}

static bool handles(exports_hothouse_live_lifecycle_event_t *event, failure_t *err) {
  if (is(&event->name, "increment")) return add(1), true;
  if (is(&event->name, "decrement")) return add(-1), true;
  if (is(&event->name, "rename")) return renames(&event->payload, err);
  if (is(&event->name, "remove")) {
    bool has_json = event->payload.tag == HOTHOUSE_LIVE_TYPES_PAYLOAD_JSON;
    if (has_json && removed(id_in(&event->payload.val.json))) return true;
    return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_BAD_INPUT, "there is no such entry");
  }
  if (is(&event->name, "refuse"))
    return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_BAD_INPUT, "refused, as asked");
  if (is(&event->name, "trap")) fails("trap, as asked");
  if (is(&event->name, "spin"))
    for (volatile bool forever = true; forever;) continue;
  if (is(&event->name, "grow"))
    for (;;) *(volatile char *)allocated(1, 1 << 16) = 1;
  return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_BAD_INPUT, "there is no such event");
}

bool exports_hothouse_live_lifecycle_handle_event(exports_hothouse_live_lifecycle_event_t *event, outcome_t *ret,
                                                  failure_t *err) {
  bool is_ok = handles(event, err);
  exports_hothouse_live_lifecycle_event_free(event);
  return is_ok && ok(ret);
}

bool exports_hothouse_live_lifecycle_handle_info(exports_hothouse_live_lifecycle_message_t *message, outcome_t *ret,
                                                 failure_t *err) {
  (void)err;
  if (message->tag == HOTHOUSE_LIVE_TYPES_MESSAGE_TIMER && is(&message->val.timer, "tick")) {
    ticks++;
    changed.ticks = true;
  }
  exports_hothouse_live_lifecycle_message_free(message);
  return ok(ret);
}

// ---- the rest of the life cycle: nothing to do, and what was handed in to free ----

bool exports_hothouse_live_lifecycle_mount(exports_hothouse_live_lifecycle_context_t *context, outcome_t *ret,
                                           failure_t *err) {
  (void)err;
  exports_hothouse_live_lifecycle_context_free(context);
  return ok(ret);
}

bool exports_hothouse_live_lifecycle_connected(exports_hothouse_live_lifecycle_context_t *context, outcome_t *ret,
                                               failure_t *err) {
  (void)err;
  exports_hothouse_live_lifecycle_context_free(context);
  return ok(ret);
}

bool exports_hothouse_live_lifecycle_handle_params(view_string_t *uri, view_list_tuple2_string_string_t *params,
                                                   outcome_t *ret, failure_t *err) {
  (void)err;
  view_string_free(uri);
  view_list_tuple2_string_string_free(params);
  return ok(ret);
}

bool exports_hothouse_live_lifecycle_handle_task(exports_hothouse_live_lifecycle_task_result_t *done, outcome_t *ret,
                                                 failure_t *err) {
  (void)err;
  exports_hothouse_live_lifecycle_task_result_free(done);
  return ok(ret);
}

bool exports_hothouse_live_lifecycle_components_removed(exports_hothouse_live_lifecycle_list_cid_t *cids,
                                                        outcome_t *ret, failure_t *err) {
  (void)err;
  exports_hothouse_live_lifecycle_list_cid_free(cids);
  return ok(ret);
}

void exports_hothouse_live_lifecycle_terminate(exports_hothouse_live_lifecycle_leave_reason_t reason) {
  (void)reason;
}

bool exports_hothouse_live_lifecycle_snapshot(view_list_u8_t *ret) {
  (void)ret;
  return false;
}

bool exports_hothouse_live_lifecycle_restore(view_list_u8_t *state, exports_hothouse_live_lifecycle_context_t *context,
                                             outcome_t *ret, failure_t *err) {
  (void)ret;
  view_list_u8_free(state);
  exports_hothouse_live_lifecycle_context_free(context);
  return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_UNAVAILABLE, "this view keeps no snapshots");
}

bool exports_hothouse_live_tasks_run_task(view_string_t *name, view_list_u8_t *input, view_list_u8_t *ret,
                                          exports_hothouse_live_tasks_failure_t *err) {
  (void)ret;
  view_string_free(name);
  view_list_u8_free(input);
  return refuses(err, HOTHOUSE_LIVE_TYPES_FAILURE_KIND_NOT_FOUND, "this view has no tasks");
}
