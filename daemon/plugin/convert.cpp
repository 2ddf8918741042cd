#include "plugin/convert.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstddef>

namespace dprkwatch::plugin {
namespace {

constexpr std::size_t kMaxSpans = 10000;
constexpr std::size_t kMaxDetails = 64 * 1024;
constexpr std::size_t kMaxWord = 1024;
constexpr std::array<std::string_view, 9> kCodes{"DPRK", "USA", "ROK", "JPN", "CHN", "RUS", "UN", "OTHER", "NONE"};

std::string_view view(dprkwatch_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

dprkwatch_voice as_voice(Voice voice) {
  switch (voice) {
    case Voice::kUnknown:
      return DPRKWATCH_VOICE_UNKNOWN;
    case Voice::kOwn:
      return DPRKWATCH_VOICE_OWN;
    case Voice::kQuote:
      return DPRKWATCH_VOICE_QUOTE;
    case Voice::kReported:
      return DPRKWATCH_VOICE_REPORTED;
  }
  return DPRKWATCH_VOICE_UNKNOWN;
}

bool on_border(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
}

bool is_code(std::string_view code) {
  return code.empty() || std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

bool is_json_object(std::string_view text) {
  boost::json::error_code error;
  boost::json::parse_options options;
  options.max_depth = 16;
  const auto value = boost::json::parse(text, error, {}, options);
  return !error && value.is_object();
}

Result<Span> take_span(const dprkwatch_span& given, const Input& input) {
  if (given.field != DPRKWATCH_FIELD_TEXT && given.field != DPRKWATCH_FIELD_TITLE) {
    return fail(ErrorCode::kPlugin, "a span names an unknown field");
  }
  const std::string& text = given.field == DPRKWATCH_FIELD_TITLE ? input.title : input.text;
  const std::string place = " [" + std::to_string(given.begin) + ", " + std::to_string(given.end) + ")";
  if (given.begin >= given.end || given.end > text.size()) {
    return fail(ErrorCode::kPlugin, "a span" + place + " lies outside the " + std::to_string(text.size()) +
                                        " bytes of its field");
  }
  if (!on_border(text, given.begin) || !on_border(text, given.end)) {
    return fail(ErrorCode::kPlugin, "a span" + place + " cuts a UTF-8 character");
  }
  if (!std::isfinite(given.contribution)) return fail(ErrorCode::kPlugin, "a span's contribution is not finite");
  return Span{given.begin, given.end, given.contribution,
              given.field == DPRKWATCH_FIELD_TITLE ? Field::kTitle : Field::kText};
}

Result<void> check_fields(const dprkwatch_annotation& given, const PluginInfo& plugin) {
  const std::string_view kind = view(given.kind);
  if (std::find(plugin.provides.begin(), plugin.provides.end(), kind) == plugin.provides.end()) {
    return fail(ErrorCode::kPlugin, "an annotation of kind '" + std::string(kind.substr(0, 64)) +
                                        "', which the plugin does not provide");
  }
  if (!std::isfinite(given.score) || std::isnan(given.probability) || given.probability > 1) {
    return fail(ErrorCode::kPlugin, "a score or probability that is no number in its range");
  }
  if (!is_code(view(given.actor)) || !is_code(view(given.target))) {
    return fail(ErrorCode::kPlugin, "an actor or target that is no known code");
  }
  if (given.voice < DPRKWATCH_VOICE_UNKNOWN || given.voice > DPRKWATCH_VOICE_REPORTED) {
    return fail(ErrorCode::kPlugin, "an unknown voice");
  }
  if (given.label.size > kMaxWord || given.speaker.size > kMaxWord || given.span_count > kMaxSpans) {
    return fail(ErrorCode::kPlugin, "a label, speaker or list of spans that is too long");
  }
  if (given.details_json.size > kMaxDetails ||
      (given.details_json.size > 0 && !is_json_object(view(given.details_json)))) {
    return fail(ErrorCode::kPlugin, "details that are no JSON object of at most 64 KiB");
  }
  return {};
}

Voice voice_of(std::int32_t voice) {
  constexpr std::array kVoices{Voice::kUnknown, Voice::kOwn, Voice::kQuote, Voice::kReported};
  return kVoices.at(static_cast<std::size_t>(voice));
}

}  // namespace

dprkwatch_article as_article(const Input& input) noexcept {
  dprkwatch_article article{};
  article.size = sizeof article;
  article.id = as_str(input.id);
  article.title = as_str(input.title);
  article.text = as_str(input.text);
  article.language = as_str(input.language);
  article.url = as_str(input.url);
  article.source = as_str(input.source);
  article.published_ms = input.published ? input.published->time_since_epoch().count() : DPRKWATCH_NO_TIME;
  article.unit = input.unit == Unit::kSentence ? DPRKWATCH_UNIT_SENTENCE : DPRKWATCH_UNIT_ARTICLE;
  return article;
}

AnnotationViews::AnnotationViews(const std::vector<Annotation>& annotations) {
  spans_.reserve(annotations.size());
  views_.reserve(annotations.size());
  for (const Annotation& annotation : annotations) {
    auto& spans = spans_.emplace_back();
    for (const Span& span : annotation.spans) {
      spans.push_back({span.begin, span.end, span.contribution,
                       span.field == Field::kTitle ? DPRKWATCH_FIELD_TITLE : DPRKWATCH_FIELD_TEXT, 0});
    }
    dprkwatch_annotation& view = views_.emplace_back();
    view.size = sizeof view;
    view.kind = as_str(annotation.kind);
    view.label = as_str(annotation.label);
    view.score = annotation.score;
    view.probability = annotation.probability.value_or(-1);
    view.actor = as_str(annotation.actor);
    view.target = as_str(annotation.target);
    view.speaker = as_str(annotation.speaker);
    view.voice = as_voice(annotation.voice);
    view.conditional = annotation.conditional ? 1 : 0;
    view.spans = spans.data();
    view.span_count = spans.size();
    view.details_json = as_str(annotation.details_json);
    view.analyzer = as_str(annotation.analyzer);
  }
}

Result<Annotation> take_annotation(const dprkwatch_annotation& given, const PluginInfo& plugin, const Input& input) {
  if (given.size < offsetof(dprkwatch_annotation, analyzer)) {
    return fail(ErrorCode::kPlugin, "an annotation whose size field is too small");
  }
  if (auto checked = check_fields(given, plugin); !checked) return tl::unexpected(std::move(checked.error()));
  Annotation taken;
  taken.analyzer = plugin.id;
  taken.kind = view(given.kind);
  taken.label = view(given.label);
  taken.score = given.score;
  if (given.probability >= 0) taken.probability = given.probability;
  taken.actor = view(given.actor);
  taken.target = view(given.target);
  taken.speaker = view(given.speaker);
  taken.voice = voice_of(given.voice);
  taken.conditional = given.conditional != 0;
  taken.details_json = view(given.details_json);
  for (std::size_t i = 0; i < given.span_count; ++i) {
    auto span = take_span(given.spans[i], input);
    if (!span) return tl::unexpected(std::move(span.error()));
    taken.spans.push_back(*span);
  }
  return taken;
}

}  // namespace dprkwatch::plugin
