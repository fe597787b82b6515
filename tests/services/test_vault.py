"""Encryption at rest of what would tell an arm"""

import pytest
from cryptography.fernet import Fernet, InvalidToken

from trial import vault


def test_what_is_sealed_is_unsealed():
    assert vault.unseal(vault.seal(b"secret")) == b"secret"
    assert vault.unseal(memoryview(vault.seal(b"secret"))) == b"secret"


@pytest.mark.parametrize("arm", ["A", "factual", "reassuring", "x" * 32])
def test_the_ciphertext_of_an_arm_is_equally_long_whatever_the_arm(arm):
    sealed = vault.seal_arm(arm)
    assert (vault.unseal_arm(sealed), len(sealed)) == (arm, len(vault.seal_arm("B")))


def test_nothing_of_the_arm_is_in_the_ciphertext_and_each_is_new():
    one, two = vault.seal_arm("factual"), vault.seal_arm("factual")
    assert one != two
    assert b"factual" not in one


def test_after_a_change_of_keys_what_was_sealed_before_can_still_be_read(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ALLOCATION_KEYS = [old]
    before = vault.seal(b"before")

    settings.ALLOCATION_KEYS = [new, old]
    after = vault.seal(b"after")
    assert (vault.unseal(before), vault.unseal(after)) == (b"before", b"after")

    settings.ALLOCATION_KEYS = [new]
    assert vault.unseal(after) == b"after"
    with pytest.raises(InvalidToken):
        vault.unseal(before)


def test_what_was_altered_is_not_unsealed():
    sealed = bytearray(vault.seal(b"secret"))
    sealed[20] ^= 1
    with pytest.raises(InvalidToken):
        vault.unseal(bytes(sealed))
