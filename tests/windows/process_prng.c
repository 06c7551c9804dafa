/* Wine 8 has no bcryptprimitives.dll, of which Rust's standard library wants one function: random bytes. The tests' Wine alone gets it. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) {
  return RtlGenRandom(bytes, (ULONG)count);
}
