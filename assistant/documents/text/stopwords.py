"""Words that say nothing about what a question is after: articles, prepositions, auxiliaries, question words.

They are dropped from questions only, never from what is indexed, so that a question made of nothing else
("The Who") can still be asked. Written as typed, with accents; `terms` folds them like everything else.
"""

from __future__ import annotations

from functools import cache

_WORDS: dict[str, str] = {
    "en": """a an and any are as at be been being both but by can could did do does doing for from had has
        have having he her here hers him his how i if in into is it its itself may me might more most much
        must my no nor not of on or other our ours out over own please shall she should so some such than
        that the their theirs them then there these they this those through to too under until up us very
        was we were what when where which while who whom whose why will with would you your yours s t d ll
        re ve m many also about between during each own please tell""",
    "de": """ab aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch
        auf aus bei beim bin bis bist bitte da damit dann das dass dein deine dem den denn der deren des
        dessen dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
        einer eines er es etwas euch euer eure für gab gibt ging habe haben hat hatte hatten hier hin hinter
        ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes jene kann
        kein keine keinem keinen keiner können könnte man mein meine mich mir mit muss müssen nach nicht
        nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner selbst sich sie sind so solche
        soll sollte sondern sonst über um und uns unser unter viel viele vielen vom von vor wann war waren
        warum was wegen weil welche welchem welchen welcher welches wem wen wenn wer werde werden weshalb
        wessen wie wieso wieviel wieviele will wir wird wo wobei wofür woher wohin womit worden wozu wurde
        wurden wäre würde würden zu zum zur zwischen""",
    "fr": """à afin ai alors au aucun aucune aussi autre autres aux avait avant avec avez avoir avons c ce
        ceci cela celle celles celui ces cet cette ceux chez combien comme comment d dans de depuis des dont
        du duquel elle elles en encore entre es est et étaient était étant été être eu eux fait il ils j je
        jusque l la laquelle le lequel les lesquelles lesquels leur leurs lui m ma mais me même mes moi mon n
        ne ni nos notre nous on ont ou où par parce pas pendant peu peut peuvent plus pour pourquoi qu quand
        que quel quelle quelles quels qui quoi s sa sans se sera ses si son sont sous sur t ta te tes toi
        ton tous tout toute toutes très tu un une vos votre vous y""",
    "es": """a al algo algunas algunos ante antes aquel aquella como cómo con contra cual cuál cuales cuáles
        cualquier cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos de del desde
        donde dónde dos durante e el él ella ellas ellos en entre era eran es esa esas ese eso esos esta
        está están estaba estas este esto estos fue fueron ha había habían hace han hasta hay la las le les
        lo los más me mi mis muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque
        qué que quien quién quienes quiénes se sea según ser será si sí sin sobre son su sus también tan tanto
        te tenía tiene tienen todo todos tu tus un una unas uno unos y ya yo""",
    "it": """a ad agli ai al alla alle allo anche c che chi ci come con cosa così cui d da dagli dai dal dalla
        dalle dallo degli dei del della delle dello di dove e è ed era erano essere fa fra fu furono gli ha
        hanno i il in io l la le lei lo loro lui ma mi mio ne negli nei nel nella nelle nello no noi non o
        ogni per perché più può qual quale quali quando quanta quante quanti quanto quella quelle quelli
        quello questa queste questi questo se senza si sia sono sta stata state stati stato su sua sue sugli
        sui sul sulla sulle suo suoi tra tu tutti tutto un una uno v vi voi""",
    "pt": """a à ao aos as às com como da das de dela dele deles do dos e é ela elas ele eles em entre era
        eram essa essas esse esses esta está estão estas este estes eu foi foram há isso isto já lhe mais mas
        me mesmo meu minha muito na não nas nem no nos nós num numa o onde os ou para pela pelas pelo pelos
        por porque porquê qual quais quando quanta quantas quanto quantos que quê quem se sem ser será seu
        seus são só sobre sua suas também te tem têm tinha tu um uma umas uns você vocês""",
    "nl": """aan al alle als altijd andere ben bij d daar dan dat de der des deze die dit doch doen door dus
        een en er ge geen had hadden heb hebben heeft hem het hij hoe hoeveel hun ik in is ja je kan kon
        kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om omdat ons ook op over s
        te tegen toch toen tot u uit uw van veel voor waar waarom wanneer want waren was wat welk welke werd
        werden wie wij wil worden wordt zal ze zei zelf zich zij zijn zo zou""",
    "sv": """alla allt att av blev bli blir de dem den denna deras dess dessa det detta dig din dina du där
        efter ej eller en er ett från för ha hade han hans har hon honom hur hur i icke inte jag kan kunde
        man med mellan men mig min mot mycket många ni nu när någon något några när och om oss på samma sedan
        sig sin sina sitta ska skulle som så till under upp ut utan vad var vara varför vart vem vems vi vid
        vilka vilken vilket är över""",
    "da": """ad af alle alt at blev blive bliver da de dem den denne der deres det dette dig din dog du efter
        eller en end er et for fra ham han hans har havde have hende hendes her hos hun hvad hvem hvilke
        hvilken hvilket hvis hvor hvordan hvorfor hvornår i ikke ind jeg jer kan kunne man mange med meget
        men mig min mod må ned noget nogle nu når og også om op os over på selv sig sin skal skulle som sådan
        til ud under var ved vi vil ville være været""",
    "no": """alle at av ble bli blir da de dem den denne der deres det dette du eller en enn er et ett for fra
        få ha hadde han hans har henne hennes hun hva hvem hvilke hvilken hvilket hvor hvordan hvorfor i ikke
        ja jeg kan kunne man mange med meg meget mellom men mot må noe noen når og også om opp oss over på
        seg selv sin ska skal skulle slik som så til under ut var ved vi vil være vært år""",
    "fi": """ei eivät en että ja joka jolla jossa jotka jos kanssa keitä ken kenen ketkä kuin kuinka kuka kun
        koska me mikä miksi millä milloin minkä missä mistä mihin mitä mitkä montako moni mutta myös ne niin
        niitä ole oli olivat olla on onko ovat se sekä sen siinä siitä sitä tai tämä tässä tätä te vai he
        hän""",
    "pl": """a aby ale ani bo by był była było były być czy co czego dla do gdy gdzie i ich ile im ja jak jaka
        jaki jakie jakich jakiej jakim jako jego jej jest jeszcze już kiedy kogo kto która które którego
        której który którzy których lub ma mają może na nad nie o od oraz po pod przed przez przy się są ta
        tak także tam te tego tej ten to tu tym u w we z za ze że dlaczego""",
    "cs": """a aby ale ani ano až byl byla bylo byly být co což či do i já jak jaká jaké jaký jako je jeho
        její jejich jen ji jsou k kde kdo kdy kolik která které který kteří ke mezi na nad ne nebo nejsou než
        o od po pod podle pro proč proto před při s se si tak také tato tento ten to u v ve z za ze že""",
    "ru": """а без более бы был была были было быть в вам вас весь во вот все всего вы где да для до его ее
        её если есть еще ещё же за из или им их к как какая какие каких какое каком какой какую когда кого
        кому кто куда ли лишь между меня мне много мы на над не него нее ней нет ни них но ну о об от откуда
        по под почему при про с сколько со так также там то того тоже той только том ты у уже чего чей чем
        что чтобы чьи чья эта эти это этого этой этот я является""",
    "uk": """а але або без був була були було бути в ви від він вона вони воно де для до є з за і із його її
        їх й як яка яке який які яких якого якої коли кого ким кому куди ли між на над не ні о об по під при
        про скільки та так також там те ти то того той у хто це цей ця ці чи чий чия чому що щоб я""",
    "tr": """acaba ama bir biri bu bunu çok da daha de değil diye en gibi hangi hangisi hem hep her için ile
        ise kaç kadar ki kim kimin kime mi mı mu mü nasıl ne neden nedir nerede nereden nereye ne niçin o
        olan olarak oldu olduğu onu onun sonra şu ve veya ya""",
    "ro": """a acest această aceste acestea aceasta ai al ale am ar are asupra au avea ca care carei ce cea
        cei cel cele câți câte cât câtă că căror cărui către cine cu cum când de despre din dintre după ea ei
        el ele era erau este eu există fi fost în într între iar îi își la le lor lui mai nu o pe pentru prin
        sa sale sau se și sunt un unde unei unor unui""",
    "el": """αλλά αν από αυτά αυτές αυτή αυτό αυτοί αυτός για γιατί δε δεν εάν είναι είχε είχαν ένα έναν ένας
        εκεί επί ή ήταν η θα και κατά κι με μετά μη μια μία μιας μην να ο οι όπως όταν ότι πόσα πόσες πόση
        πόσο πόσοι πόσος πότε ποια ποιά ποιες ποιο ποιό ποιοι ποιον ποιος ποιους πως πώς που πού προς σαν σε
        στα στη στην στις στο στον στους τα τη την της τι τις το τον του τους των ως""",
    "hu": """a abban ahol aki akik amely amelyek amelyet ami amikor amit az azok azon azt azonban be csak de
        egy ehhez ekkor el én és ez ezek ezt fel ha hány hogy hogyan hol honnan hova hogyan is ki kik kit
        kinek le lesz lett melyek melyik melyiket mely meg mekkora mennyi még mi mik milyen mikor mint mit
        miért nem ő ők össze s szerint ta után vagy van vannak volt voltak""",
    "ar": """في من إلى الى على عن مع هو هي هم هذا هذه ذلك تلك التي الذي الذين ما ماذا متى أين كيف كم لماذا
        هل أي أية لا لم لن قد كان كانت كانوا يكون تكون أن ان إن أو و ثم كل بعض بين عند بعد قبل حتى إذا منذ
        به بها له لها فيه فيها منه منها عليه عليها""",
    "he": """של את על עם אל מן מ ב ל ה ו ש כי הוא היא הם הן זה זאת זו אלה אני אתה אנחנו מה מי מתי איפה היכן
        איך כיצד כמה למה מדוע האם איזה איזו אילו לא כן גם או אם אבל רק כל היה היתה הייתה היו יש אין אשר בין
        לפי אחרי לפני עד""",
    "fa": """از است این آن آیا با بر برای بود بودند به تا چرا چگونه چند چه چیست خود در را شد شده شود که کجا
        کدام کرد کرده کند کی ما من می نه هر هم همه هست هستند و یا یک""",
    "hi": """अपना अपनी अपने आप इन इस इसका इसकी इसके इसने इसमें इसे उन उनका उनकी उनके उनको उन्हें
        उन्होंने उस उसका उसकी उसके उसने उसमें उसे एक एवं और कब कर करता करती करते करना करने कहा
        कहाँ कहां का कि कितना कितनी कितने किन किस किसका किसकी किसके किसने किसे किसी की कुछ के को
        कोई कौन कौनसा कौनसी क्या क्यों गई गए गया गयी गये जब जहाँ जा जाता जाती जाते जाना जिन जिस
        जिसका जिसकी जिसके जिसने जिसे जो तक तब तो था थी थीं थे दिया द्वारा न नहीं ना ने पर फिर
        बहुत भी मगर में मैं यह यहाँ या ये लिए लिया वह वहाँ वाला वाली वाले वे वो सकता सकते सभी
        साथ से सा सी सो हम हाँ ही हुआ हुई हुए है हैं हो होता होती होते होना होने कैसे कैसा कैसी""",
    "id": """ada adalah agar akan anda apa apakah atau bagaimana bagi bahwa banyak beberapa belum berapa bisa
        dalam dan dapat dari dengan di dia hanya ia ini itu jika juga kami kapan karena ke kepada kita lebih
        mana mengapa mereka oleh pada para saat saja sangat saya sebagai sebuah secara sejak siapa sudah
        suatu telah tentang terhadap tidak untuk yang""",
    "vi": """ai bao bởi các cái cho chỉ có của cùng cũng đã đang đâu để đến đi đó được gì hay khi không là
        lại lúc mà mấy mỗi một này nào nếu nên như nhiêu nhiều những ở phải ra rằng sao sẽ tại theo thế thì
        thì trên trong từ và vào vẫn vì với""",
}

_ASKED_IN_PAIRS: dict[str, tuple[str, ...]] = {
    "zh": (
        "为什么", "為什麼", "什么时候", "什麼時候", "什么", "什麼", "多少", "哪一个", "哪一年", "哪一",
        "哪些", "哪个", "哪個", "哪里", "哪裡", "哪儿", "哪种", "哪位", "哪年", "怎么样", "怎麼樣",
        "怎样", "怎麼", "怎么", "如何", "是谁", "是誰", "谁", "誰", "吗", "嗎", "呢", "请问", "請問",
        "几个", "幾個", "何时", "何時", "何处", "哪",
    ),
    "ja": (
        "どのように", "どのような", "どういう", "どうやって", "どこ", "どの", "どれ", "どちら", "どう",
        "なぜ", "いつ", "いくつ", "いくら", "だれ", "誰", "何年", "何人", "何", "ですか", "ますか",
        "でしたか", "ましたか", "のか", "ください", "とは",
    ),
    "ko": (
        "무엇입니까", "무엇인가요", "무엇인가", "무엇을", "무엇이", "무엇", "누구", "언제", "어디",
        "어떻게", "어떤", "어느", "얼마나", "얼마", "왜", "몇", "입니까", "습니까", "인가요", "나요",
        "인가",
    ),
    "th": (
        "อะไร", "เมื่อไหร่", "เมื่อไร", "เมื่อใด", "ที่ไหน", "ที่ใด", "อย่างไร", "เท่าไหร่", "เท่าไร",
        "เท่าใด", "ทำไม", "ใคร", "กี่", "ไหน", "หรือไม่",
    ),
}  # fmt: skip

_INSTRUCTIONS: dict[str, str] = {
    "en": """according accurately address agreement ahead answer answering answered ask asked assist based
        basing basis brief briefly calculate calculated clearly compute concise conclusion conclusions
        considering decimal decimals defined definition detail details determine document documents drawing
        explain explanation express file files find following give given giving help indicate information
        judgment judgments kindly know like list mention mentioned need only outlined place places please
        primarily provide provided question questions refer referring rely relying report reported request
        resource resources respond response result round rounded rounding says see show shown shows specify
        state stated summarise summarize summary thanks think understand unit units use used using utilize
        utilizing want words write""",
    "de": """angabe angaben angegeben antwort antworte antworten basierend bedeutet beantworte beantworten
        berechne berechnen bezug bitte brauche danke datei dateien dokument dokument dokumente dokumenten
        erkläre erklären finde finden folgende folgenden frage fragen gemäß genannt gib hilf hilfe
        information informationen kurz laut möchte nachkommastellen nenne runde runden sag sage
        unterlagen verwende wissen zeige zusammenfassung""",
    "fr": """aide arrondir arrondissez basant calcule calculer calculez détail détails document documents
        donne donner donnez explique expliquer expliquez fichier fournies indique indiquer indiquez
        information informations merci question questions répondre réponds répondez réponse résumé savoir
        selon suivante veuillez voudrais""",
    "es": """archivo ayuda ayúdame basándose calcula calcular calcule conteste contesta datos decimales
        documento documentos explica explicar explique favor gracias indica indicar indique información
        pregunta preguntas quiero quisiera redondea redondee responda responde responder respuesta resumen
        saber siguiente según""",
}
"""Words about answering, not about what is asked: "round your answer to two decimal places"."""


@cache
def instructions(language: str) -> frozenset[str]:
    """Words with which long questions say how they want to be answered; empty where there is no list."""
    return frozenset(_INSTRUCTIONS.get(language, "").split())


@cache
def words(language: str) -> frozenset[str]:
    """The list for a language (ISO 639-1), as typed, in lower case; empty where there is none."""
    return frozenset(_WORDS.get(language, "").split())


@cache
def phrases(language: str) -> tuple[str, ...]:
    """Question phrases of a language that is written without spaces, longest first."""
    return tuple(sorted(set(_ASKED_IN_PAIRS.get(language, ())), key=len, reverse=True))
