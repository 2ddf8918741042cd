#include "plugin/skeleton.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "plugin/library.hpp"

namespace dprkwatch::plugin {
namespace {

namespace fs = std::filesystem;

const char* folder_of(Language language) {
  switch (language) {
    case Language::kCpp:
      return "cpp";
    case Language::kC:
      return "c";
    case Language::kPython:
      return "python";
  }
  return "cpp";
}

void replace_all(std::string& text, std::string_view mark, const std::string& value) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
}

}  // namespace

Result<std::vector<std::string>> write_skeleton(const std::string& id, Language language, const std::string& folder,
                                                const Paths& paths) {
  if (!is_id(id)) {
    return fail(ErrorCode::kInvalidConfig, "a plugin's name is a-z, 0-9 and '-', a letter first, at most 32", id);
  }
  const fs::path sdk = fs::path(paths.share_dir) / "sdk";
  const fs::path templates = sdk / "templates" / folder_of(language);
  const fs::path made = fs::path(folder) / id;
  std::error_code error;
  if (fs::exists(made, error)) return fail(ErrorCode::kRefused, "exists already; nothing was written", made.string());
  if (!fs::is_directory(templates, error)) return fail(ErrorCode::kNotFound, "no templates", templates.string());
  if (!fs::create_directories(made, error)) {
    return fail(ErrorCode::kStorage, "cannot make the folder: " + error.message(), made.string());
  }
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(templates)) {
    std::ostringstream content;
    content << std::ifstream(entry.path()).rdbuf();
    std::string text = std::move(content).str();
    replace_all(text, "@ID@", id);
    replace_all(text, "@SDK@", sdk.string());
    const fs::path file = made / entry.path().filename();
    std::ofstream out(file);
    out << text;
    if (!out.flush()) return fail(ErrorCode::kStorage, "cannot write the file", file.string());
    files.push_back(file.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace dprkwatch::plugin
