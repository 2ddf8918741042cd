#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>

#include "config/reader.hpp"

namespace dprkwatch::config {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 200000;  // after aliases are unfolded

struct TooMuch {
  YAML::Mark mark;
  const char* what;
};

// Walks the events of a document before any tree is built: yaml-cpp 0.7 itself bounds neither depth nor aliases, and nine
// lines of aliases of aliases unfold to gigabytes.
class Bounds : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& /*value*/) override {
    leaf(mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, sizes_[anchor]); }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YAML::anchor_t anchor;
    std::size_t before;
  };
  void leaf(const YAML::Mark& mark, YAML::anchor_t anchor) {
    add(mark, 1);
    if (anchor != 0) sizes_[anchor] = 1;
  }
  void add(const YAML::Mark& mark, std::size_t nodes) {
    total_ += nodes;
    if (total_ > kMaxNodes) throw TooMuch{mark, "more than 200000 values, counting what aliases stand for"};
  }
  void open(const YAML::Mark& mark, YAML::anchor_t anchor) {
    add(mark, 1);
    open_.push_back({anchor, total_});
    if (open_.size() > kMaxDepth) throw TooMuch{mark, "nested deeper than 32 levels"};
  }
  void close() {
    if (open_.back().anchor != 0) sizes_[open_.back().anchor] = total_ - open_.back().before + 1;
    open_.pop_back();
  }

  std::size_t total_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::size_t> sizes_;
};

}  // namespace

std::optional<YAML::Node> parse_yaml(std::string_view yaml, Reader& reader) {
  const std::string text(yaml);
  try {
    std::istringstream first(text);
    YAML::Parser parser(first);
    Bounds bounds;
    parser.HandleNextDocument(bounds);
    return YAML::Load(text);
  } catch (const TooMuch& error) {
    reader.mistake(error.mark, error.what);
  } catch (const YAML::Exception& error) {
    reader.mistake(error.mark, "not YAML: " + error.msg);
  }
  return std::nullopt;
}

}  // namespace dprkwatch::config
