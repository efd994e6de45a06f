"""A reader whose language the agency does not write gets its texts in English, marked as English."""

from django.urls import reverse

from tests.people import sign_in


def section(client, world, language):
    reader = world["applicant"]
    reader.language = language
    reader.save()
    sign_in(client, reader)
    address = reverse("applications:section", args=[world.draft().pk, "project"])
    return client.get(address).content.decode()


def test_texts_in_english_say_so_to_a_screen_reader(client, world):
    page = section(client, world, "da")
    assert '<html lang="da"' in page
    assert 'lang="en" for="id_project.title"' in page


def test_texts_in_the_readers_language_are_not_marked(client, world):
    page = section(client, world, "nn")
    assert '<html lang="nn"' in page
    assert 'lang="en" for=' not in page
