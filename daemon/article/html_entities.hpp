#pragma once
// Character references of HTML (WHATWG HTML §13.5).

#include <string>
#include <string_view>
#include <unordered_map>

namespace dprkwatch::article {

// Decodes references once. One object serves one document: it remembers the rare names that it had to look up.
class References {
 public:
  // Appends `text` with its references decoded.
  void decode(std::string_view text, std::string& out);

 private:
  // How many bytes of `text`, which begins with '&', were decoded onto `out`; 0 when there is no reference.
  std::size_t decode_one(std::string_view text, std::string& out);
  std::string_view look_up(std::string_view reference);

  std::unordered_map<std::string, std::string> rare_;
};

}  // namespace dprkwatch::article
