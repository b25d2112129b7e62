#include <curl/curl.h>
#include <dlfcn.h>

// libcurl brings thirty libraries with it, a third of what starting the program takes; so it is loaded when something is
// fetched. Its options and questions take `...`, which Swift cannot call: one wrapper for each type that is used.

#ifdef __APPLE__
#define TIDDU_CURL_LIBRARY "libcurl.4.dylib"
#else
#define TIDDU_CURL_LIBRARY "libcurl.so.4"
#endif

static inline void *tiddu_curl(const char *function) {
  static void *library;
  if (!library) library = dlopen(TIDDU_CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  return library ? dlsym(library, function) : 0;
}

/// Whether the library is there and has started; call first, and once.
static inline int tiddu_curl_start(void) {
  CURLcode (*start)(long) = (CURLcode(*)(long))tiddu_curl("curl_global_init");
  return start && start(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static inline CURL *tiddu_curl_make(void) { return ((CURL * (*)(void)) tiddu_curl("curl_easy_init"))(); }
static inline void tiddu_curl_end(CURL *handle) { ((void (*)(CURL *))tiddu_curl("curl_easy_cleanup"))(handle); }
static inline CURLcode tiddu_curl_perform(CURL *handle) {
  return ((CURLcode(*)(CURL *))tiddu_curl("curl_easy_perform"))(handle);
}
static inline const char *tiddu_curl_reason(CURLcode code) {
  return ((const char *(*)(CURLcode))tiddu_curl("curl_easy_strerror"))(code);
}

typedef CURLcode (*tiddu_curl_setter)(CURL *, CURLoption, ...);
typedef CURLcode (*tiddu_curl_getter)(CURL *, CURLINFO, ...);
#define TIDDU_CURL_SET ((tiddu_curl_setter)tiddu_curl("curl_easy_setopt"))
#define TIDDU_CURL_GET ((tiddu_curl_getter)tiddu_curl("curl_easy_getinfo"))

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return TIDDU_CURL_SET(handle, option, value);
}

static inline CURLcode curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return TIDDU_CURL_SET(handle, option, value);
}

static inline CURLcode curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return TIDDU_CURL_SET(handle, option, value);
}

/// `receive` gets each piece of the body, with `context` as its last argument.
static inline CURLcode curl_set_receiver(CURL *handle, curl_write_callback receive, void *context) {
  TIDDU_CURL_SET(handle, CURLOPT_WRITEDATA, context);
  return TIDDU_CURL_SET(handle, CURLOPT_WRITEFUNCTION, receive);
}

static inline CURLcode curl_get_long(CURL *handle, CURLINFO question, long *answer) {
  return TIDDU_CURL_GET(handle, question, answer);
}

static inline CURLcode curl_get_size(CURL *handle, CURLINFO question, curl_off_t *answer) {
  return TIDDU_CURL_GET(handle, question, answer);
}
