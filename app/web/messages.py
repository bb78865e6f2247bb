"""What we say for each kind of error that pydantic can find in our schemas.

Keys are pydantic's error types; placeholders are the facts that pydantic gives with them.
"""

from __future__ import annotations

from typing import Final

from app.i18n import N_

OTHER: Final = N_("Giá trị không hợp lệ")

_WHOLE: Final = N_("Phải là số nguyên")
_TEXT: Final = N_("Phải là chuỗi ký tự")
_DATE: Final = N_("Phải là ngày có thật, viết dạng NNNN-TT-NN, ví dụ 2025-06-30")
_MOMENT: Final = N_("Phải là thời điểm kèm múi giờ, ví dụ 2025-06-30T08:00:00+07:00")
_YES_NO: Final = N_("Phải là true hoặc false")
_ID: Final = N_("Phải là mã UUID")
_OBJECT: Final = N_("Phải là một đối tượng JSON, gửi với Content-Type: application/json")
_LIST: Final = N_("Phải là một danh sách")
_NUMBER: Final = N_("Phải là số")
_CHARACTERS: Final = N_("Chứa ký tự không hợp lệ")

MESSAGES: Final[dict[str, str]] = {
    "missing": N_("Thiếu mục này"),
    "extra_forbidden": N_("Không có mục này trong giao diện"),
    "json_invalid": N_("JSON sai cú pháp ở ký tự thứ {position:number}"),
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "too_short": N_("Cần ít nhất {min_length:number} phần tử"),
    "too_long": N_("Nhiều nhất {max_length:number} phần tử"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": N_("Nhiều nhất {max_digits:number} chữ số"),
    "decimal_max_places": N_("Nhiều nhất {decimal_places:number} chữ số sau dấu phẩy"),
    "decimal_whole_digits": N_("Nhiều nhất {whole_digits:number} chữ số trước dấu phẩy"),
    "greater_than": N_("Phải lớn hơn {gt:number}"),
    "greater_than_equal": N_("Phải từ {ge:number} trở lên"),
    "less_than": N_("Phải nhỏ hơn {lt:number}"),
    "less_than_equal": N_("Không được quá {le:number}"),
    "string_type": _TEXT,
    "string_too_short": N_("Cần ít nhất {min_length:number} ký tự"),
    "string_too_long": N_("Nhiều nhất {max_length:number} ký tự"),
    "string_pattern_mismatch": N_("Không đúng dạng"),
    "string_unicode": _CHARACTERS,
    "text_characters": _CHARACTERS,
    "string_sub_type": _TEXT,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "enum": N_("Phải là một trong: {expected}"),
    "literal_error": N_("Phải là một trong: {expected}"),
    "none_required": N_("Phải để trống"),
    "uuid_type": _ID,
    "uuid_parsing": _ID,
    "uuid_version": _ID,
    "is_instance_of": OTHER,
    "date_type": _DATE,
    "date_years": N_("Năm phải từ {first} đến {last}"),
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "timezone_aware": _MOMENT,
    "union_tag_invalid": N_("Phải là một trong: {expected_tags}"),
    "union_tag_not_found": N_("Thiếu mục {discriminator}"),
    "url_type": N_("Phải là địa chỉ web"),
    "url_parsing": N_("Phải là địa chỉ web"),
    "url_scheme": N_("Phải là địa chỉ web bắt đầu bằng {expected_schemes}"),
    "url_too_long": N_("Nhiều nhất {max_length:number} ký tự"),
}
