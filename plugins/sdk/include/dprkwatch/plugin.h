/* dprkwatch plugin ABI, version 1.
 *
 * An analyzer is a shared object that exports one symbol, `dprkwatch_plugin_entry`. It reads an article and what
 * earlier analyzers found, and adds annotations. The same shared object runs inside the daemon (`in_process`) or in a
 * supervised child (`isolated`); it can not tell the difference.
 *
 * Rules that hold for every call
 *  - Strings are UTF-8, not terminated by NUL, and never contain one. An empty string is {NULL or any, 0}.
 *  - What the host passes in lives until the call returns. What the plugin passes to the host is copied before that
 *    host call returns. No memory is allocated on one side and freed on the other.
 *  - No C++ exception and no longjmp may leave a plugin function.
 *  - Every struct that may grow begins with `size`, the number of bytes its writer knew. Fields are only ever added at
 *    the end within one ABI version; a reader must not touch a field that lies beyond `size`.
 *  - Thread tags: [main-thread] one thread, never two of these calls at once; [any-thread] must be thread-safe;
 *    [instance-thread] any thread, but never two calls on the same instance at the same time.
 *
 * Plain C11; no other header of the project is needed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DPRKWATCH_ABI_VERSION 1u
#define DPRKWATCH_PLUGIN_ENTRY_SYMBOL "dprkwatch_plugin_entry"

#if defined(__GNUC__)
#define DPRKWATCH_EXPORT __attribute__((visibility("default")))
#else
#define DPRKWATCH_EXPORT
#endif

/* A view of UTF-8 text. Not owned, not NUL-terminated. */
typedef struct dprkwatch_str {
  const char* data;
  size_t size;
} dprkwatch_str;

/* What a call came to. Anything but OK makes the host record the message given to `host->set_error`. */
typedef enum dprkwatch_status {
  DPRKWATCH_OK = 0,
  DPRKWATCH_ERROR = 1,          /* this call failed; the instance stays usable */
  DPRKWATCH_INVALID_CONFIG = 2, /* configure: the configuration was refused */
  DPRKWATCH_STOPPED = 3,        /* analyze: gave up because `stop_requested` said so */
  DPRKWATCH_FATAL = 4           /* the instance must be destroyed and made anew */
} dprkwatch_status;

typedef enum dprkwatch_log_level {
  DPRKWATCH_LOG_DEBUG = 0,
  DPRKWATCH_LOG_INFO = 1,
  DPRKWATCH_LOG_WARN = 2,
  DPRKWATCH_LOG_ERROR = 3
} dprkwatch_log_level;

/* Whose words a finding rests on. */
typedef enum dprkwatch_voice {
  DPRKWATCH_VOICE_UNKNOWN = 0,
  DPRKWATCH_VOICE_OWN = 1,     /* the outlet's or author's own words */
  DPRKWATCH_VOICE_QUOTE = 2,   /* a direct quotation */
  DPRKWATCH_VOICE_REPORTED = 3 /* said, vowed, according to */
} dprkwatch_voice;

/* What `dprkwatch_article.text` is. */
typedef enum dprkwatch_unit {
  DPRKWATCH_UNIT_ARTICLE = 0, /* a whole text: the analyzer finds the sentences */
  DPRKWATCH_UNIT_SENTENCE = 1 /* one sentence, to be scored as one */
} dprkwatch_unit;

/* No known time. */
#define DPRKWATCH_NO_TIME INT64_MIN

/* The text to analyze. */
typedef struct dprkwatch_article {
  size_t size;
  dprkwatch_str id;       /* stable identity; equal for a repeated analysis of one text */
  dprkwatch_str title;    /* plain text, one line */
  dprkwatch_str text;     /* plain text, NFC, paragraphs divided by '\n' */
  dprkwatch_str language; /* BCP 47 ("en", "ko"); empty when unknown */
  dprkwatch_str url;
  dprkwatch_str source;   /* the outlet, as the feed or the caller names it */
  int64_t published_ms;   /* Unix time in milliseconds, or DPRKWATCH_NO_TIME */
  int32_t unit;           /* dprkwatch_unit */
} dprkwatch_article;

/* Where a span points. */
typedef enum dprkwatch_field { DPRKWATCH_FIELD_TEXT = 0, DPRKWATCH_FIELD_TITLE = 1 } dprkwatch_field;

/* Evidence: bytes [begin, end) of one field of the article, both on UTF-8 borders, begin < end. */
typedef struct dprkwatch_span {
  size_t begin;
  size_t end;
  double contribution; /* what these bytes add to the score, in the score's unit; may be negative */
  int32_t field;       /* dprkwatch_field */
  int32_t reserved;    /* 0 */
} dprkwatch_span;

/* One finding. `kind` names what was found and gives the other fields their meaning: see docs/plugin-guide.md. */
typedef struct dprkwatch_annotation {
  size_t size;
  dprkwatch_str kind;     /* one of the kinds that the descriptor provides */
  dprkwatch_str label;    /* a class name, or empty */
  double score;           /* the kind's own unit and range; must be finite */
  double probability;     /* 0..1, or a negative number when it has none */
  dprkwatch_str actor;    /* DPRK USA ROK JPN CHN RUS UN OTHER NONE, or empty */
  dprkwatch_str target;   /* the same */
  dprkwatch_str speaker;  /* a person or body by name, or empty */
  int32_t voice;          /* dprkwatch_voice */
  int32_t conditional;    /* 1 when it hangs on a condition, else 0 */
  const dprkwatch_span* spans;
  size_t span_count;
  dprkwatch_str details_json; /* a JSON object, or empty */
  dprkwatch_str analyzer;     /* set by the host for earlier findings; ignored in `add` */
} dprkwatch_annotation;

/* Takes the findings of one analyze call. Owned by the host, valid during that call only. */
typedef struct dprkwatch_results {
  size_t size;
  void* host_data;
  /* [instance-thread] Copies the annotation. DPRKWATCH_ERROR when it was refused (kind not provided, span outside the
   * text or off a UTF-8 border, score not finite, details not a JSON object); the article is then an error unless
   * analyze goes on to return OK without it. */
  dprkwatch_status (*add)(const struct dprkwatch_results* results, const dprkwatch_annotation* annotation);
} dprkwatch_results;

/* Services of the host, valid from create until destroy returns. */
typedef struct dprkwatch_host {
  size_t size;
  uint32_t abi_version;
  void* host_data;
  dprkwatch_str name;    /* "dprkwatch" */
  dprkwatch_str version; /* "0.1.0" */
  /* [any-thread] Asks for an optional service by its id; NULL when the host has it not. */
  const void* (*get_extension)(const struct dprkwatch_host* host, const char* extension_id);
  /* [any-thread] One line to the daemon's log, escaped and rate-limited by the host. */
  void (*log)(const struct dprkwatch_host* host, dprkwatch_log_level level, dprkwatch_str message);
  /* [any-thread] The message that goes with a status other than OK; the last one before the return counts. */
  void (*set_error)(const struct dprkwatch_host* host, dprkwatch_str message);
  /* [any-thread] Sets a gauge that is exported with the plugin's id. Names: [a-z_][a-z0-9_]*. */
  void (*metric)(const struct dprkwatch_host* host, dprkwatch_str name, double value);
  /* [main-thread] in create and configure only. Reads a whole file below the plugin's data directory or the shared
   * seeds ("seeds/actors.json"); absolute paths and ".." are refused. The bytes stay valid until destroy returns. */
  dprkwatch_status (*read_file)(const struct dprkwatch_host* host, dprkwatch_str path, dprkwatch_str* bytes);
  /* [any-thread] 1 when the daemon wants the call to end soon; long analyses ask now and then. */
  int32_t (*stop_requested)(const struct dprkwatch_host* host);
} dprkwatch_host;

typedef struct dprkwatch_instance dprkwatch_instance; /* the plugin's own */

/* The plugin as the host sees it. Static for as long as the library is loaded; a library is never unloaded. */
typedef struct dprkwatch_plugin {
  size_t size;
  uint32_t abi_version;    /* DPRKWATCH_ABI_VERSION of the header it was built with */
  dprkwatch_str id;        /* [a-z][a-z0-9-]{0,31}, the id in the configuration */
  dprkwatch_str version;   /* of code and data together; a change means that old results may differ */
  dprkwatch_str summary;   /* one line for people */
  dprkwatch_str provides;  /* kinds it adds, divided by spaces */
  dprkwatch_str needs;     /* kinds it reads, divided by spaces; a trailing '?' marks one that it can do without */
  dprkwatch_str languages; /* divided by spaces; empty: any */
  /* [main-thread] A new instance or NULL (then set_error says why). The host makes one for each worker. */
  dprkwatch_instance* (*create)(const dprkwatch_host* host);
  /* [main-thread] Once after create, before the first analyze. `config_json`: the plugin's `config:` object, "{}" when
   * it has none. Unknown keys are INVALID_CONFIG. */
  dprkwatch_status (*configure)(dprkwatch_instance* instance, dprkwatch_str config_json);
  /* [instance-thread] `earlier`: findings of the analyzers before it, in order. Deterministic: the same article and
   * findings give the same annotations. */
  dprkwatch_status (*analyze)(dprkwatch_instance* instance, const dprkwatch_article* article,
                              const dprkwatch_annotation* earlier, size_t earlier_count,
                              const dprkwatch_results* results);
  /* [main-thread] Frees the instance. No call on it follows. */
  void (*destroy)(dprkwatch_instance* instance);
  /* [any-thread] Optional abilities by id; NULL when it has it not. May itself be NULL. */
  const void* (*get_extension)(const char* extension_id);
} dprkwatch_plugin;

/* [main-thread] The one exported function, `dprkwatch_plugin_entry`. `host_abi_version`: the newest ABI that the host
 * speaks. NULL when the plugin can not work with it. */
typedef const dprkwatch_plugin* (*dprkwatch_plugin_entry_fn)(uint32_t host_abi_version);

#ifdef __cplusplus
}
#endif
