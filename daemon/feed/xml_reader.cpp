#include "feed/xml_reader.hpp"

#include <expat.h>

#include <algorithm>
#include <new>

#include "feed/url.hpp"

namespace dprkwatch::feed {
namespace {

// Of namespaces at one time. Each name is looked up among them, so without a bound a document could make that slow.
constexpr std::size_t kMaxBindings = 128;

}  // namespace

std::string_view Attributes::get(std::string_view local) const noexcept {
  std::string_view prefixed;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::string_view name = pairs_[2 * i];
    if (name.size() < local.size() || !equals_ignoring_case(name.substr(name.size() - local.size()), local)) {
      continue;
    }
    if (name.size() == local.size()) {
      return pairs_[2 * i + 1];
    }
    if (name[name.size() - local.size() - 1] == ':') {
      prefixed = pairs_[2 * i + 1];
    }
  }
  return prefixed;
}

struct XmlReader::Callbacks {
  static void XMLCALL on_open(void* self, const XML_Char* name, const XML_Char** pairs) {
    static_cast<XmlReader*>(self)->on_open(name, pairs);
  }
  static void XMLCALL on_close(void* self, const XML_Char*) { static_cast<XmlReader*>(self)->on_close(); }
  static void XMLCALL on_text(void* self, const XML_Char* text, int length) {
    auto* reader = static_cast<XmlReader*>(self);
    if (reader->too_deep_ == 0 && !reader->stopped_) {
      reader->handler_.text({text, static_cast<std::size_t>(length)});
    }
  }
  // Entity declarations are refused (DESIGN §6), and a declaration without any is only in the way: the repair pass
  // takes both out.
  static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    auto* reader = static_cast<XmlReader*>(self);
    reader->saw_doctype_ = true;
    XML_StopParser(reader->parser_.get(), XML_FALSE);
  }
};

void XmlReader::FreeParser::operator()(XML_ParserStruct* parser) const noexcept {
  XML_ParserFree(parser);
}

XmlReader::XmlReader(XmlHandler& handler, Warnings& warnings, const Limits& limits, std::string base_url)
    : handler_{handler}, warnings_{warnings}, limits_{limits}, parser_{XML_ParserCreate("UTF-8")} {
  if (!parser_) {
    throw std::bad_alloc{};
  }
  bases_.push_back(std::move(base_url));
  languages_.emplace_back();
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), Callbacks::on_open, Callbacks::on_close);
  XML_SetCharacterDataHandler(parser_.get(), Callbacks::on_text);
  XML_SetStartDoctypeDeclHandler(parser_.get(), Callbacks::on_doctype);
}

XmlReader::~XmlReader() = default;

XmlOutcome XmlReader::read(std::string_view document) {
  // In one call: expat then reads in place, without copying what straddles two pieces.
  const XML_Status status = XML_Parse(parser_.get(), document.data(), static_cast<int>(document.size()), XML_TRUE);
  if (saw_doctype_) {
    return XmlOutcome::kDoctype;
  }
  if (stopped_) {
    return XmlOutcome::kStopped;
  }
  return status == XML_STATUS_OK ? XmlOutcome::kWhole : XmlOutcome::kMalformed;
}

void XmlReader::stop() {
  stopped_ = true;
  XML_StopParser(parser_.get(), XML_FALSE);
}

std::size_t XmlReader::line() const noexcept {
  return XML_GetCurrentLineNumber(parser_.get());
}

std::string XmlReader::error() const {
  return XML_ErrorString(XML_GetErrorCode(parser_.get()));
}

void XmlReader::on_open(const char* name, const char** pairs) {
  if (stopped_) {
    return;
  }
  if (too_deep_ > 0 || frames_.size() >= limits_.depth) {
    if (++too_deep_ == 1) {
      warnings_.add("too-deep", line(),
                    "elements nested deeper than " + std::to_string(limits_.depth) + " are left out");
    }
    return;
  }
  std::size_t count = 0;
  while (pairs[2 * count] != nullptr) {
    ++count;
  }
  if (count > limits_.attributes) {
    warnings_.add("too-many-attributes", line(),
                  "an element has " + std::to_string(count) + " attributes; those after the first " +
                      std::to_string(limits_.attributes) + " are left out");
    count = limits_.attributes;
  }
  Frame frame;
  const Attributes attributes{pairs, count};
  if (count > 0) {
    read_scope(attributes, frame);
  }
  frames_.push_back(frame);

  const std::string_view full{name};
  const std::size_t colon = full.find(':');
  const bool has_prefix = colon != std::string_view::npos;
  const std::string_view local = has_prefix ? full.substr(colon + 1) : full;
  const Space space = has_prefix ? resolve_prefix(full.substr(0, colon)) : default_space_;
  handler_.open({space, tag_of(local), full, local, attributes});
}

void XmlReader::on_close() {
  if (stopped_) {
    return;
  }
  if (too_deep_ > 0) {
    --too_deep_;
    return;
  }
  handler_.close();
  const Frame frame = frames_.back();
  frames_.pop_back();
  if (frame.base) {
    bases_.pop_back();
  }
  if (frame.language) {
    languages_.pop_back();
  }
  if (frame.bindings > 0) {
    bindings_.resize(bindings_.size() - frame.bindings);
    const auto found = std::ranges::find(bindings_.rbegin(), bindings_.rend(), std::string_view{}, &Binding::prefix);
    default_space_ = found == bindings_.rend() ? Space::kNone : found->space;
  }
}

// xmlns and xmlns:… (Namespaces in XML §3), xml:base (XML Base §4) and xml:lang (XML §2.12).
void XmlReader::read_scope(const Attributes& attributes, Frame& frame) {
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto [name, value] = attributes.at(i);
    if (!name.starts_with("xml")) {
      continue;
    }
    if (name == "xml:base") {
      bases_.push_back(resolve_url(value, bases_.back()));
      frame.base = true;
    } else if (name == "xml:lang") {
      languages_.emplace_back(trimmed(value));
      frame.language = true;
    } else if (bindings_.size() >= kMaxBindings) {
      continue;
    } else if (name == "xmlns") {
      const Space space = space_of_uri(value);
      default_space_ = space == Space::kOther ? Space::kNone : space;
      bindings_.push_back({"", default_space_});
      ++frame.bindings;
    } else if (name.starts_with("xmlns:")) {
      const std::string_view prefix = name.substr(6);
      const Space space = space_of_uri(value);
      // A mistyped URI under a well-known prefix means what the prefix means.
      bindings_.push_back({std::string{prefix}, space == Space::kOther ? space_of_prefix(prefix) : space});
      ++frame.bindings;
    }
  }
}

Space XmlReader::resolve_prefix(std::string_view prefix) {
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    if (binding->prefix == prefix) {
      return binding->space;
    }
  }
  const Space space = space_of_prefix(prefix);
  if (space != Space::kXml) {
    warnings_.add("undeclared-namespace", line(), "the prefix '" + excerpt(prefix) + "' is not declared");
    if (bindings_.size() < kMaxBindings) {
      bindings_.insert(bindings_.begin(), {std::string{prefix}, space});  // at the bottom, where no element ends it
    }
  }
  return space;
}

}  // namespace dprkwatch::feed
