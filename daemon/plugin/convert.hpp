#pragma once
// Between our plain data and the structs of the ABI, and the checks on what a plugin returns. Private to plugin.

#include <string>
#include <string_view>
#include <vector>

#include "dprkwatch/plugin.h"
#include "plugin/analysis.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

[[nodiscard]] inline dprkwatch_str as_str(std::string_view text) noexcept { return {text.data(), text.size()}; }

// Views into `input`, which outlives it.
[[nodiscard]] dprkwatch_article as_article(const Input& input) noexcept;

// Annotations as a plugin reads them: views into `annotations`, which outlive it.
class AnnotationViews {
 public:
  explicit AnnotationViews(const std::vector<Annotation>& annotations);
  [[nodiscard]] const dprkwatch_annotation* data() const noexcept { return views_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return views_.size(); }

 private:
  std::vector<std::vector<dprkwatch_span>> spans_;
  std::vector<dprkwatch_annotation> views_;
};

// Copies and checks what a plugin adds: the kind is one it provides, scores are finite, codes known, spans inside the
// text on UTF-8 borders, details a JSON object. The error says what is wrong.
[[nodiscard]] Result<Annotation> take_annotation(const dprkwatch_annotation& given, const PluginInfo& plugin,
                                                 const Input& input);

}  // namespace dprkwatch::plugin
