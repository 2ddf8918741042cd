/* The layout of ABI version 1 on 64-bit machines, checked by the compiler in C and in C++. A plugin that was built
 * earlier counts on these numbers: a change here needs a new DPRKWATCH_ABI_VERSION. A field added at the end adds a line
 * and changes the size. */
#pragma once

#include "dprkwatch/plugin.h"

#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#define AT(type, field, offset) CHECK(offsetof(type, field) == (offset))

CHECK(DPRKWATCH_ABI_VERSION == 1u);

#if UINTPTR_MAX == UINT64_MAX
AT(dprkwatch_str, data, 0);
AT(dprkwatch_str, size, 8);
CHECK(sizeof(dprkwatch_str) == 16);

AT(dprkwatch_article, size, 0);
AT(dprkwatch_article, id, 8);
AT(dprkwatch_article, title, 24);
AT(dprkwatch_article, text, 40);
AT(dprkwatch_article, language, 56);
AT(dprkwatch_article, url, 72);
AT(dprkwatch_article, source, 88);
AT(dprkwatch_article, published_ms, 104);
AT(dprkwatch_article, unit, 112);
CHECK(sizeof(dprkwatch_article) == 120);

AT(dprkwatch_span, begin, 0);
AT(dprkwatch_span, end, 8);
AT(dprkwatch_span, contribution, 16);
AT(dprkwatch_span, field, 24);
AT(dprkwatch_span, reserved, 28);
CHECK(sizeof(dprkwatch_span) == 32);

AT(dprkwatch_annotation, size, 0);
AT(dprkwatch_annotation, kind, 8);
AT(dprkwatch_annotation, label, 24);
AT(dprkwatch_annotation, score, 40);
AT(dprkwatch_annotation, probability, 48);
AT(dprkwatch_annotation, actor, 56);
AT(dprkwatch_annotation, target, 72);
AT(dprkwatch_annotation, speaker, 88);
AT(dprkwatch_annotation, voice, 104);
AT(dprkwatch_annotation, conditional, 108);
AT(dprkwatch_annotation, spans, 112);
AT(dprkwatch_annotation, span_count, 120);
AT(dprkwatch_annotation, details_json, 128);
AT(dprkwatch_annotation, analyzer, 144);
CHECK(sizeof(dprkwatch_annotation) == 160);

AT(dprkwatch_results, size, 0);
AT(dprkwatch_results, host_data, 8);
AT(dprkwatch_results, add, 16);
CHECK(sizeof(dprkwatch_results) == 24);

AT(dprkwatch_host, size, 0);
AT(dprkwatch_host, abi_version, 8);
AT(dprkwatch_host, host_data, 16);
AT(dprkwatch_host, name, 24);
AT(dprkwatch_host, version, 40);
AT(dprkwatch_host, get_extension, 56);
AT(dprkwatch_host, log, 64);
AT(dprkwatch_host, set_error, 72);
AT(dprkwatch_host, metric, 80);
AT(dprkwatch_host, read_file, 88);
AT(dprkwatch_host, stop_requested, 96);
CHECK(sizeof(dprkwatch_host) == 104);

AT(dprkwatch_plugin, size, 0);
AT(dprkwatch_plugin, abi_version, 8);
AT(dprkwatch_plugin, id, 16);
AT(dprkwatch_plugin, version, 32);
AT(dprkwatch_plugin, summary, 48);
AT(dprkwatch_plugin, provides, 64);
AT(dprkwatch_plugin, needs, 80);
AT(dprkwatch_plugin, languages, 96);
AT(dprkwatch_plugin, create, 112);
AT(dprkwatch_plugin, configure, 120);
AT(dprkwatch_plugin, analyze, 128);
AT(dprkwatch_plugin, destroy, 136);
AT(dprkwatch_plugin, get_extension, 144);
CHECK(sizeof(dprkwatch_plugin) == 152);
#endif

CHECK(sizeof(dprkwatch_status) == 4);
CHECK(DPRKWATCH_FATAL == 4 && DPRKWATCH_LOG_ERROR == 3 && DPRKWATCH_VOICE_REPORTED == 3 && DPRKWATCH_FIELD_TITLE == 1);
