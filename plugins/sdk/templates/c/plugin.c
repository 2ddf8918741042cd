/* @ID@: an analyzer for dprkwatch. */

#include <stdlib.h>
#include <string.h>

#include "dprkwatch/plugin.h"

#define STR(text) { (text), sizeof(text) - 1 }

struct dprkwatch_instance {
  const dprkwatch_host* host;
};

static dprkwatch_instance* create(const dprkwatch_host* host) {
  dprkwatch_instance* self = malloc(sizeof *self);
  if (self != NULL) self->host = host;
  return self;
}

static dprkwatch_status configure(dprkwatch_instance* self, dprkwatch_str config_json) {
  const dprkwatch_str message = STR("@ID@ takes no configuration");
  if (config_json.size == 2 && memcmp(config_json.data, "{}", 2) == 0) return DPRKWATCH_OK;
  self->host->set_error(self->host, message);
  return DPRKWATCH_INVALID_CONFIG;
}

static dprkwatch_status analyze(dprkwatch_instance* self, const dprkwatch_article* article,
                                const dprkwatch_annotation* earlier, size_t earlier_count,
                                const dprkwatch_results* results) {
  const dprkwatch_str kind = STR("@ID@");
  dprkwatch_annotation found;
  (void)self, (void)earlier, (void)earlier_count;
  memset(&found, 0, sizeof found);
  found.size = sizeof found;
  found.kind = kind;
  found.score = (double)article->text.size;
  found.probability = -1; /* none */
  return results->add(results, &found);
}

static void destroy(dprkwatch_instance* self) { free(self); }

DPRKWATCH_EXPORT const dprkwatch_plugin* dprkwatch_plugin_entry(uint32_t host_abi_version) {
  static const dprkwatch_plugin plugin = {
      sizeof plugin, DPRKWATCH_ABI_VERSION, STR("@ID@"), STR("0.1"), STR("What @ID@ finds"),
      STR("@ID@"),   STR(""),               STR(""),     create,     configure,
      analyze,       destroy,               NULL};
  return host_abi_version < DPRKWATCH_ABI_VERSION ? NULL : &plugin;
}
