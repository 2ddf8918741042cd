#include "signature/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dprkwatch::signature {
namespace {

constexpr std::string_view kVersion = "v1,";
constexpr std::size_t kMinKeyBytes = 24;  // Standard Webhooks, "Signature scheme"
constexpr std::size_t kMaxKeyBytes = 64;

}  // namespace

std::string encode_base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<std::string> decode_secret(std::string_view text) {
  constexpr std::string_view kPrefix = "whsec_";
  constexpr std::string_view kBlank = " \t\r\n";
  const auto last = text.find_last_not_of(kBlank);
  text = last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  std::string key(text.size(), '\0');
  const int size = text.empty() ? -1
                                : EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                                                  reinterpret_cast<const unsigned char*>(text.data()),
                                                  static_cast<int>(text.size()));
  if (size < 0) {
    return fail(ErrorCode::kInvalidConfig,
                "the webhook secret is not base64; expected whsec_ and the base64 of 24 to 64 random bytes "
                "(make one with: echo whsec_$(openssl rand -base64 32))");
  }
  // EVP_DecodeBlock counts the padding as bytes.
  std::size_t bytes = static_cast<std::size_t>(size);
  for (std::size_t at = text.size(); at > 0 && text[at - 1] == '=' && bytes > 0; --at) --bytes;
  key.resize(bytes);
  if (bytes < kMinKeyBytes || bytes > kMaxKeyBytes) {
    return fail(ErrorCode::kInvalidConfig, "the webhook secret has " + std::to_string(bytes) +
                                               " bytes; expected 24 to 64 (make one with: echo whsec_$(openssl rand "
                                               "-base64 32))");
  }
  return key;
}

Result<std::vector<std::string>> decode_secrets(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string> keys;
  for (auto begin = text.find_first_not_of(kBlank); begin != std::string_view::npos;
       begin = text.find_first_not_of(kBlank, begin)) {
    const auto end = std::min(text.find_first_of(kBlank, begin), text.size());
    auto key = decode_secret(text.substr(begin, end - begin));
    if (!key) return tl::unexpected(std::move(key.error()));
    keys.push_back(std::move(*key));
    begin = end;
  }
  if (keys.empty()) return tl::unexpected(decode_secret("").error());
  return keys;
}

std::string sign_with_each(const std::vector<std::string>& keys, std::string_view id, std::int64_t timestamp,
                           std::string_view body) {
  std::string header;
  for (const std::string& key : keys) {
    if (!header.empty()) header += ' ';
    header += sign(key, id, timestamp, body);
  }
  return header;
}

std::string sign(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body) {
  std::string content(id);
  content.append(".").append(std::to_string(timestamp)).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
       content.size(), digest.data(), &size);
  return std::string(kVersion) + encode_base64({reinterpret_cast<const char*>(digest.data()), size});
}

Result<void> verify(std::string_view key, std::string_view id, std::string_view timestamp, std::string_view header,
                    std::string_view body, Time now, std::chrono::seconds tolerance) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (error != std::errc() || end != timestamp.data() + timestamp.size() || timestamp.empty()) {
    return fail(ErrorCode::kInvalidInput, "webhook-timestamp is not a number of Unix seconds");
  }
  const std::int64_t current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (seconds < current - tolerance.count() || seconds > current + tolerance.count()) {
    return fail(ErrorCode::kRefused, "webhook-timestamp is too far from now");
  }
  const std::string expected = sign(key, id, seconds, body);
  while (!header.empty()) {
    const auto blank = header.find(' ');
    const std::string_view candidate = header.substr(0, blank);
    if (candidate.size() == expected.size() && CRYPTO_memcmp(candidate.data(), expected.data(), expected.size()) == 0) {
      return {};
    }
    header = blank == std::string_view::npos ? std::string_view() : header.substr(blank + 1);
  }
  return fail(ErrorCode::kRefused, "no signature in webhook-signature fits the body");
}

}  // namespace dprkwatch::signature
