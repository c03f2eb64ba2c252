"""Chinese name of a place -> the same value as in English."""

import pytest

from slotfill.resolvers.places import Place, resolve
from tests.resolvers.conftest import known
from tests.resolvers.test_chinese import frame

CITIES = {
    "Taipei": "台北 臺北 臺北市 台北市 大台北",
    "Kaohsiung": "高雄 高雄市",
    "Taoyuan": "桃园 桃園",
    "Jincheng": "金门 金門",
    "Hong Kong": "香港",
    "Macau": "澳门 澳門",
    "Beijing": "北京 北京市",
    "Xi'an": "西安 陕西西安 陕西省西安市",
    "Hangzhou": "杭州 浙江杭州 浙江省杭州市",
    "Shijiazhuang": "石家庄 石家莊 河北石家庄",
    "Jilin": "吉林",
    "Ürümqi": "乌鲁木齐 烏魯木齊 新疆乌鲁木齐 乌市",
    "Jinghong": "景洪 西双版纳",
    "Tokyo": "东京 東京 日本东京",
    "Osaka": "大阪",
    "Naha": "那霸",
    "Seoul": "首尔 首爾 汉城 漢城",
    "Jeju City": "济州 濟州島",
    "Bangkok": "曼谷",
    "Phuket": "普吉 普吉島 布吉",
    "Denpasar": "巴厘岛 峇里島",
    "Ho Chi Minh City": "胡志明市 西贡",
    "Sihanoukville": "西港 施亞努市",
    "Hua Hin": "华欣 華欣",
    "Mangshi": "芒市 德宏",
    "Dubai": "迪拜 杜拜",
    "Doha": "多哈 杜哈",
    "London": "伦敦 倫敦 英国伦敦",
    "Paris": "巴黎",
    "Florence": "佛罗伦萨 佛羅倫斯 翡冷翠",
    "Moscow": "莫斯科",
    "New York": "纽约 紐約 美国纽约",
    "San Francisco": "旧金山 舊金山 三藩市",
    "Los Angeles": "洛杉矶 洛杉磯",
    "Washington": "华盛顿 華盛頓特區",
    "San Diego": "圣迭戈 聖地牙哥",
    "Salt Lake City": "盐湖城 鹽湖城",
    "Houston": "休斯敦 休士頓",
    "Sydney": "悉尼 雪梨",
    "Melbourne": "墨尔本 墨爾本",
    "Auckland": "奥克兰 奧克蘭",
    "Montréal": "蒙特利尔 滿地可 蒙特婁",
    "Cape Town": "开普敦 開普敦",
    "Nairobi": "内罗毕 奈洛比",
}
AIRPORTS = {
    "TPE": "桃园机场 桃園機場 桃園國際機場 台北桃園機場 桃機",
    "TSA": "松山机场 松山機場",
    "KHH": "小港機場",
    "PEK": "首都机场 北京首都国际机场 北京首都机场T3航站楼",
    "PKX": "大兴机场 北京大兴",
    "PVG": "浦东 浦东机场 浦东国际机场 上海浦东机场 上海浦东 浦东机场2号航站楼",
    "SHA": "虹桥机场 上海虹桥机场",
    "CAN": "白云机场 广州白云机场",
    "CTU": "双流机场",
    "TFU": "成都天府机场",
    "HKG": "香港机场 香港國際機場 赤鱲角",
    "NRT": "成田机场 东京成田",
    "HND": "羽田機場",
    "ICN": "仁川机场",
    "LHR": "希思罗机场 希斯路機場 伦敦希思罗",
    "CDG": "戴高乐机场 戴高樂機場",
    "JFK": "肯尼迪机场 甘迺迪機場",
    "BKK": "素万那普机场",
}
OTHERS = {
    "state Sichuan": "四川 四川省",
    "state Guangxi": "广西 廣西壯族自治區",
    "state Hokkaido": "北海道",
    "state Hawaii": "夏威夷",
    "state California": "加州 加利福尼亚州",
    "country Japan": "日本",
    "country United States": "美国 美國",
    "country New Zealand": "新西兰 紐西蘭",
    "country Taiwan": "台湾 臺灣",
}


@pytest.mark.parametrize(("name", "value"), [(name, city) for city, names in CITIES.items() for name in names.split()])
def test_cities(name: str, value: str) -> None:
    place = resolve([("city_name", name)])
    assert (place.kind, place.value) == ("city", value)


@pytest.mark.parametrize(("name", "code"), [(name, code) for code, names in AIRPORTS.items() for name in names.split()])
def test_airports(name: str, code: str) -> None:
    for slot in ("airport_name", "city_name"):
        place = resolve([(slot, name)])
        assert (place.kind, place.value) == ("airport", code), slot


@pytest.mark.parametrize(("name", "value"), [(name, one) for one, names in OTHERS.items() for name in names.split()])
def test_areas(name: str, value: str) -> None:
    place = resolve([("city_name", name)])
    assert f"{place.kind} {place.value}" == value


STATIONS = "北京南站 CN,北京南 CN,广州南 CN,上海虹桥站 CN,虹桥 CN,上海虹桥 CN,台北車站 TW"
STATIONS += ",左營站 TW,左營 TW,紅磡 HK,巴黎北站 FR,羅湖 CN,洛阳龙门 CN,新大阪站 JP"


@pytest.mark.parametrize("row", STATIONS.split(","))
def test_stations_are_venues_in_their_city(row: str) -> None:
    name, country = row.split()
    assert resolve([("city_name", name)])[:3] == ("venue", name, country)


def test_a_station_of_no_known_city() -> None:
    assert resolve([("city_name", "阿猴站")])[:3] == ("venue", "阿猴站", None)


@pytest.mark.parametrize("name", ["江南", "白云", "无名城", "我家", "哪里", "站", "机场", "市", "上", "东"])
def test_no_place(name: str) -> None:
    assert resolve([("city_name", name)]).value is None


def test_places_of_several_slots() -> None:
    assert _of("state_name 河北", "city_name 石家庄")[1] == "Shijiazhuang"
    assert _of("city_name 北京", "airport_name 首都机场")[1] == "PEK"
    assert _of("country_name 日本", "city_name 大阪")[1] == "Osaka"
    contrary = _of("city_name 上海", "airport_name 首都机场")
    assert contrary.value is None
    assert _of("state_name 四川", "city_name 杭州").value is None


def _of(*slots: str) -> Place:
    return resolve([(slot.split()[0], slot.split()[1]) for slot in slots])


def test_a_sentence_has_the_same_values_in_both_languages() -> None:
    chinese = frame("從[臺北](fromloc.city_name)飛往[倫敦](toloc.city_name)[希斯路機場](toloc.airport_name)")
    english = frame("from [Taipei](fromloc.city_name) to [London](toloc.city_name) [Heathrow](toloc.airport_name)")
    for one, other in ((chinese.departure, english.departure), (chinese.arrival, english.arrival)):
        place, same = known(one.place), known(other.place)
        assert (place.kind, place.value, place.country, place.airports) == (
            same.kind,
            same.value,
            same.country,
            same.airports,
        )
    assert known(chinese.departure.place).text == "臺北"


def test_a_region_before_its_city_is_one_place() -> None:
    leg = frame(
        "从[河北](fromloc.state_name)[石家庄](fromloc.city_name)到[浙江省](toloc.state_name)的[杭州](toloc.city_name)"
    )
    assert known(leg.departure.place).value == "Shijiazhuang"
    assert known(leg.arrival.place).value == "Hangzhou"


def test_places_that_are_joined() -> None:
    assert [
        one.value
        for one in known(frame("去[台北](toloc.city_name)或者[高雄](toloc.city_name)").arrival.place).alternatives
    ] == [
        "Taipei",
        "Kaohsiung",
    ]
    stops = frame("经[香港](stoploc.city_name)和[曼谷](stoploc.city_name)到[伦敦](toloc.city_name)").stops
    assert [known(stop.place).value for stop in stops] == ["Hong Kong", "Bangkok"]
    one = frame("经[香港](stoploc.city_name)或[曼谷](stoploc.city_name)").stops
    assert len(one) == 1


def test_legs() -> None:
    legs = frame("从[北京](fromloc.city_name)到[上海](toloc.city_name)，再到[广州](toloc.city_name)").legs
    assert [(known(one.departure.place).value, known(one.arrival.place).value) for one in legs] == [
        ("Beijing", "Shanghai"),
        ("Shanghai", "Guangzhou"),
    ]


def test_what_is_ruled_out() -> None:
    place = known(frame("不去[北京](toloc.city_name)，去[上海](toloc.city_name)").arrival.place)
    assert (place.value, place.note) == ("Shanghai", "ruled out: 北京")
