// Tells the thread sanitizer what it does not see: where threads wait for each other, Swift's Mutex is locked and unlocked within Swift's own
// library. sanitizers.sh links these in the place of the two functions.
#define HANDLE(name) "$s15Synchronization12_MutexHandleV" name
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

void __tsan_acquire(void *address);
void __tsan_release(void *address);

SWIFT void lock(unsigned thread, SELF) __asm__("__real_" HANDLE("9_lockSlowyys6UInt32VF"));
SWIFT void unlock(SELF) __asm__("__real_" HANDLE("11_unlockSlowyyF"));
SWIFT void lock_and_tell(unsigned thread, SELF) __asm__("__wrap_" HANDLE("9_lockSlowyys6UInt32VF"));
SWIFT void tell_and_unlock(SELF) __asm__("__wrap_" HANDLE("11_unlockSlowyyF"));

SWIFT void lock_and_tell(unsigned thread, SELF) {
  lock(thread, self);
  __tsan_acquire(self);
}

SWIFT void tell_and_unlock(SELF) {
  __tsan_release(self);
  unlock(self);
}
