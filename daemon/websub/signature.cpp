#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// The methods that the Recommendation names, and no others.
const EVP_MD* method_of(std::string_view name) {
  if (name == "sha1") return EVP_sha1();
  if (name == "sha256") return EVP_sha256();
  if (name == "sha384") return EVP_sha384();
  if (name == "sha512") return EVP_sha512();
  return nullptr;
}

}  // namespace

Result<std::string> random_hex(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) {
    return fail(ErrorCode::kInternal, "the system gives no random bytes");
  }
  return hex(random.data(), random.size());
}

Result<void> check_signature(std::string_view secret, std::string_view header, std::string_view body) {
  if (header.empty()) return fail(ErrorCode::kRefused, "no X-Hub-Signature");
  const auto equals = header.find('=');
  const EVP_MD* method = method_of(lower(header.substr(0, equals)));
  if (method == nullptr || equals == std::string_view::npos) {
    return fail(ErrorCode::kRefused, "X-Hub-Signature has an unknown method; expected sha1, sha256, sha384 or sha512");
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(method, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(body.data()),
       body.size(), digest.data(), &size);
  const std::string expected = hex(digest.data(), size);
  const std::string given = lower(header.substr(equals + 1));
  if (given.size() != expected.size() || CRYPTO_memcmp(given.data(), expected.data(), expected.size()) != 0) {
    return fail(ErrorCode::kRefused, "X-Hub-Signature does not fit the body");
  }
  return {};
}

}  // namespace dprkwatch::websub
