"""Protocol buffers: the bytes that the specification shows."""

from nn.formats.protobuf import content, number, real


def test_a_whole_number_is_written_in_groups_of_seven_bits() -> None:
    assert number(1, 150) == bytes.fromhex("08 96 01")
    assert number(1, 0) == bytes.fromhex("08 00")
    assert number(20, 127) == bytes.fromhex("a0 01 7f")
    assert number(2, -2) == bytes.fromhex("10 fe ff ff ff ff ff ff ff ff 01")


def test_a_text_and_a_message_are_written_with_their_length() -> None:
    assert content(2, "testing") == bytes.fromhex("12 07 74 65 73 74 69 6e 67")
    assert content(3, number(1, 150)) == bytes.fromhex("1a 03 08 96 01")
    assert len(content(1, b"x" * 300)) == 303


def test_a_real_number_is_a_float32() -> None:
    assert real(2, 1.0) == bytes.fromhex("15 00 00 80 3f")


def test_half_a_character_becomes_a_question_mark() -> None:
    assert content(1, "\ud800") == bytes.fromhex("0a 01 3f")
