#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "article/article.hpp"
#include "article/plain.hpp"

namespace dprkwatch::article {
namespace {

constexpr std::size_t kIdentityBytes = 16;  // of SHA-256: 128 bits, so that no two entries of a feed ever meet

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

Digest sha256(std::string_view input) {
  Digest digest{};
  if (EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return digest;
}

// The kind is part of the key: an entry whose id is the title of another is another entry.
std::string key_of(std::string_view kind, std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string input(kind);
  input += '\0';
  input += value;
  const Digest digest = sha256(input);
  std::string hex;
  for (std::size_t i = 0; i < kIdentityBytes; ++i) hex += {kHex[digest[i] >> 4U], kHex[digest[i] & 0xFU]};
  return hex;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// ASCII letters in lower case, digits, and every character beyond ASCII but the usual typographic marks.
void append_substance(std::string_view text, std::string& substance) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.substr(i, 2) == "\xE2\x80") {  // U+2000..U+203F: dashes, quotes, ellipsis
      i += 2;
    } else if (c >= 'A' && c <= 'Z') {
      substance += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      substance += c;
    }
  }
}

}  // namespace

std::string story_key(std::string_view title, std::string_view text) {
  // Two different items may well share a body of a few words ("Read more").
  constexpr std::size_t kShort = 120;
  std::string substance;
  append_substance(text, substance);
  if (substance.size() < kShort) append_substance(title, substance);
  return key_of("story", substance);
}

std::int64_t entry_hash(const feed::Entry& entry) {
  std::string input = entry.title.value;
  for (const auto* part : {&entry.summary.value, &entry.content.value}) {
    input += '\0';
    input += *part;
  }
  const Digest digest = sha256(input);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) hash = hash << 8U | digest.at(i);
  return hash == 0 ? 1 : static_cast<std::int64_t>(hash);
}

std::string identity_of(const feed::Entry& entry) {
  if (const auto id = trimmed(entry.id); !id.empty()) return key_of("id", id);
  if (const auto url = trimmed(entry.url); !url.empty()) return key_of("url", url);
  // Cleaned, so that a change of markup alone makes no new article.
  auto title = plain_title(entry.title);
  if (!title.empty() && entry.published) return key_of("title+date", title + '\n' + to_rfc3339(*entry.published));
  return key_of("title+text", title + '\n' + plain_body(entry));
}

}  // namespace dprkwatch::article
